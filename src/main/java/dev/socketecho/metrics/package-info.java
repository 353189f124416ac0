/**
 * The recorder on Micrometer, and the one catalogue of meter names.
 */
@NullMarked
package dev.socketecho.metrics;

import org.jspecify.annotations.NullMarked;
