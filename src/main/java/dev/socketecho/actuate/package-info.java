/**
 * What operators use over HTTP: health and endpoints, and the limits of HTTP itself.
 */
@NullMarked
package dev.socketecho.actuate;

import org.jspecify.annotations.NullMarked;
