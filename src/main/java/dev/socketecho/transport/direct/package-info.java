/**
 * The short cuts past Netty for plain reads and sends, and the C functions that they
 * call. Without this package plain Netty is left. Used by {@code transport} only.
 */
@NullMarked
package dev.socketecho.transport.direct;

import org.jspecify.annotations.NullMarked;
