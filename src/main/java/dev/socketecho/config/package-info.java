/**
 * Configuration: the properties, what is made of them, and what is said when they are
 * wrong. Sees everything; nobody sees it.
 */
@NullMarked
package dev.socketecho.config;

import org.jspecify.annotations.NullMarked;
