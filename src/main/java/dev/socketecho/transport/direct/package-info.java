/**
 * The short cuts past Netty for plain reads and sends of TCP connections, and the C
 * functions that they call. Netty stays responsible for every case that the short cuts do
 * not handle. Only {@code transport} uses this package.
 */
@NullMarked
package dev.socketecho.transport.direct;

import org.jspecify.annotations.NullMarked;
