/**
 * The sockets of UDP servers.
 * {@link dev.socketecho.transport.udp.socket.UdpSocketFactory} opens them;
 * {@code transport.udp} uses them through
 * {@link dev.socketecho.transport.udp.socket.UdpSocket}, on the event loop of the socket.
 * On Linux one system call receives or sends many datagrams; elsewhere the sockets are
 * the JDK's.
 */
@NullMarked
package dev.socketecho.transport.udp.socket;

import org.jspecify.annotations.NullMarked;
