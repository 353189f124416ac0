/**
 * The settings of TCP servers and clients, as plain values. The configuration and the
 * tests make them; the connection factories in {@code transport.tcp} and the acceptor in
 * {@code transport.tcp.accept} read them.
 */
@NullMarked
package dev.socketecho.transport.tcp.settings;

import org.jspecify.annotations.NullMarked;
