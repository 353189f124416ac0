/**
 * Datagrams behind the types of Spring Integration: the adapters of a server and of a
 * client, admission, the loop guard, and the port that receives bursts and sends their
 * answers. Called by {@code server}, {@code client}, and by the event loops.
 */
@NullMarked
package dev.socketecho.transport.udp;

import org.jspecify.annotations.NullMarked;
