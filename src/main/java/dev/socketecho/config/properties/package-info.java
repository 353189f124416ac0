/**
 * The records that {@code echo.*} binds to, and their constraints. Plain values: the
 * mappers of {@code config} make settings of them.
 */
@NullMarked
package dev.socketecho.config.properties;

import org.jspecify.annotations.NullMarked;
