/**
 * Sockets that receive and send datagrams: on Linux many for one system call, by the JDK
 * elsewhere. Called by {@code transport.udp} only, on the event loop of the socket.
 */
@NullMarked
package dev.socketecho.transport.udp.socket;

import org.jspecify.annotations.NullMarked;
