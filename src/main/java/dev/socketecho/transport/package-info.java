/**
 * Netty behind Spring Integration's types. Knows nothing of properties, meters or HTTP:
 * it takes plain values and a recorder. This package holds no class; the two ways below
 * are where to begin. All steps of a way are on one thread, the event loop of the socket.
 *
 * <h2>A TCP message, from accept to flush</h2>
 * <ol>
 * <li>{@code AcceptGate} (on the event loop of the listening socket) asks
 * {@code SourceGate} whether a connection may come in; {@code ServerPipeline} builds its
 * pipeline: {@code ProxyHeaderHandler} until a PROXY header has come, {@code SslHandler}
 * with TLS, then {@code InboundGate}, {@code FrameDecoder} where there is framing, and
 * {@code ConnectionHandler}.
 * <li>Bytes come in by one of three ways of reading:
 * <ul>
 * <li>plain, on epoll: {@code DirectReceive} reads into the {@code ReceiveBuffer} of the
 * event loop and calls {@code InboundGate.receive};
 * <li>plain, what {@code DirectReceive} does not take (the end of input, errors, pauses),
 * and other transports: Netty's read loop with {@code SharedReceiveAllocator} or
 * {@code PausableReceiveAllocator}, and {@code InboundGate.channelRead};
 * <li>TLS, and a PROXY header: Netty's read loop, {@code SslHandler} and the others, then
 * {@code InboundGate.channelRead}.
 * </ul>
 * <li>{@code InboundGate} counts the bytes, or discards them once the end of the
 * connection was decided. {@code FrameDecoder} finds the last complete frame: all up to
 * it is one message, {@code Frames}; the rest waits in the decoder.
 * <li>{@code NettyTcpConnection.receive} makes a message of it by
 * {@code NettyTcpMessageMapper} and hands it to the stock
 * {@code TcpReceivingChannelAdapter}, which sends it down the flow on the same thread.
 * <li>At the flow's end the stock {@code TcpSendingMessageHandler} calls
 * {@code NettyTcpConnection.send}; {@code ConnectionOutput} gathers what one read is
 * answered with.
 * <li>When the read is dealt with, {@code NettyTcpConnection.readComplete} flushes: one
 * buffer goes to {@code DirectSend}, straight to the socket; all else through the
 * channel's queue. {@code BackPressure} stops reading while the peer does not take its
 * answers.
 * <li>{@code ConnectionEnd} sees to FIN and RST, {@code ConnectionShutdown} to the drain,
 * {@code IdleTimeout} to peers on which nothing moves, {@code ConnectionLife} to what the
 * recorder is told.
 * </ol>
 *
 * <h2>A datagram, from the socket to the socket</h2>
 * <ol>
 * <li>The event loop tells {@code UdpServerSocket} through {@code SocketWatch} that there
 * are datagrams to receive.
 * <li>{@code UdpInput} receives up to 32 datagrams with one call of {@code UdpSocket}:
 * {@code NativeUdpSocket} by {@code recvmmsg}, {@code NioUdpSocket} one by one.
 * {@code PeerTable} remembers the senders.
 * <li>{@code UdpAdmission} decides which of them are dropped, and {@code UdpDrops} counts
 * those; {@code NettyUdpReceivingChannelAdapter} sends the others down the flow.
 * <li>At the flow's end {@code NettyUdpSendingMessageHandler} gives the answer to the
 * socket that has received the datagram. {@code UdpOutput} queues it and sends the
 * answers of a burst together, each from the address that its datagram was sent to.
 * <li>While the socket has no room for answers, nothing is received: the kernel's receive
 * buffer fills, and {@code KernelDropCounter} reads how many datagrams the kernel drops.
 * <li>{@code UdpSocketEnd} answers what is still there when the server stops, and closes
 * the socket.
 * </ol>
 */
@NullMarked
package dev.socketecho.transport;

import org.jspecify.annotations.NullMarked;
