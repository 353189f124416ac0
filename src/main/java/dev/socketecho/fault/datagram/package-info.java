/**
 * What faults do to the datagrams of one socket. {@code transport.udp} sends datagrams
 * and answers through a {@link dev.socketecho.fault.datagram.DatagramFaultLine} each,
 * which has a stage for each fault. {@code fault} says which faults those are, counts
 * their datagrams and makes their draws.
 */
@NullMarked
package dev.socketecho.fault.datagram;

import org.jspecify.annotations.NullMarked;
