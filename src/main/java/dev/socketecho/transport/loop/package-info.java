/**
 * Event loops, and what TCP and UDP share on them: the kinds of transport, the lookup of
 * host names, connecting, socket options, sockets that were handed over, and the limit of
 * the memory in queues. {@code transport.tcp} and {@code transport.udp} use it, and so do
 * {@code client}, {@code probe} and the configuration.
 */
@NullMarked
package dev.socketecho.transport.loop;

import org.jspecify.annotations.NullMarked;
