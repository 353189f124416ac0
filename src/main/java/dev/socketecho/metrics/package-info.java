/**
 * The recorders of {@code telemetry} on Micrometer, and the one catalogue of meters.
 */
@NullMarked
package dev.socketecho.metrics;

import org.jspecify.annotations.NullMarked;
