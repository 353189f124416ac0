/**
 * How a TCP server accepts connections: its listening socket, its lists and limits, and
 * the wait for a PROXY header. {@code Acceptor} is what {@code transport.tcp} uses; it
 * hands over each connection that is admitted, with its source. Everything behind that is
 * in {@code transport.tcp}.
 */
@NullMarked
package dev.socketecho.transport.tcp.accept;

import org.jspecify.annotations.NullMarked;
