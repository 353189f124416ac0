/**
 * Faults that a server commits against its callers on purpose, so that they can be tested
 * with them.
 * <p>
 * A {@link dev.socketecho.fault.Fault} says what is done, to whom and how often. A
 * {@link dev.socketecho.fault.FaultSet} holds the faults of one server as they act now;
 * it counts their units and makes their draws. On TCP each connection has a
 * {@link dev.socketecho.fault.FaultHandler} below TLS, and another one for single
 * messages above it, as long as the server has such faults; {@code transport.tcp} adds
 * and removes them. What faults do to datagrams is in {@code fault.datagram}. Without
 * faults no class of this package is on the way of a byte.
 */
@NullMarked
package dev.socketecho.fault;

import org.jspecify.annotations.NullMarked;
