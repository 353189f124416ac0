/**
 * TCP servers and clients on Netty: the connection factories, the connection and its
 * pipeline, faults and how connections end. {@code server} and {@code client} build on
 * the factories; event loops call the rest. A server's connection comes from
 * {@code transport.tcp.accept}. The package {@code dev.socketecho.transport} describes
 * the path of a message through these classes.
 */
@NullMarked
package dev.socketecho.transport.tcp;

import org.jspecify.annotations.NullMarked;
