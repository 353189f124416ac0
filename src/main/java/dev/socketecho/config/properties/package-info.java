/**
 * The records that {@code echo.*} is bound to, and their constraints. Plain values:
 * {@code config} converts them to settings.
 */
@NullMarked
package dev.socketecho.config.properties;

import org.jspecify.annotations.NullMarked;
