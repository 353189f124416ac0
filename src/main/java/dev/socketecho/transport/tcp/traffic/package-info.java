/**
 * What moves on one TCP connection: its counts, back-pressure, the timeout while nothing
 * moves, and a snapshot for the actuator. The connection in {@code transport.tcp} has one
 * of each, and calls them on its event loop.
 */
@NullMarked
package dev.socketecho.transport.tcp.traffic;

import org.jspecify.annotations.NullMarked;
