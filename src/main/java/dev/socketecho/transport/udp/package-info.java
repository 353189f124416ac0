/**
 * UDP behind the types of Spring Integration. A server has
 * {@link dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter} and
 * {@link dev.socketecho.transport.udp.NettyUdpSendingMessageHandler} at the two ends of
 * its flow; between them and the sockets stand admission, the loop guard, and the server
 * socket that receives bursts and sends their answers. A client has
 * {@link dev.socketecho.transport.udp.UdpClientSockets} and two adapters. The packages
 * {@code server}, {@code client} and {@code probe} use it.
 */
@NullMarked
package dev.socketecho.transport.udp;

import org.jspecify.annotations.NullMarked;
