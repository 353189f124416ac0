/**
 * Tests of the whole application, and what they are built with.
 */
@NullMarked
package dev.socketecho.app;

import org.jspecify.annotations.NullMarked;
