/**
 * Event loops and what they need: the kinds of transport, looking names up, connecting,
 * socket options, sockets that were handed over, the memory that all queues share.
 */
@NullMarked
package dev.socketecho.transport.loop;

import org.jspecify.annotations.NullMarked;
