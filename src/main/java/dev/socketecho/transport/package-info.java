/**
 * Netty behind Spring Integration's types. Knows nothing of properties, meters or HTTP:
 * it takes plain values and a recorder. This package holds no class; the two ways below
 * are where to begin. All steps of a way run on one thread, the event loop of the socket.
 *
 * <h2>A TCP message, from accept to flush</h2>
 * <ol>
 * <li>{@code AcceptGate} (on the event loop of the listening socket) asks
 * {@code SourceGate} whether to admit a connection. {@code ServerPipeline} builds its
 * pipeline: {@code ProxyHeaderHandler} until a PROXY header has come, {@code SslHandler}
 * with TLS, then {@code InboundGate}, {@code FrameDecoder} if there is framing, and
 * {@code ConnectionHandler}.
 * <li>The event loop reads bytes in one of three ways:
 * <ul>
 * <li>plain, on epoll: {@code DirectReceive} reads into the {@code ReceiveBuffer} of the
 * event loop and calls {@code InboundGate.receive};
 * <li>plain, for everything that {@code DirectReceive} leaves to Netty (the end of input,
 * errors, pauses), and on other transports: Netty's read loop with
 * {@code SharedReceiveAllocator} or {@code PausableReceiveAllocator} calls
 * {@code InboundGate.channelRead};
 * <li>TLS, and a PROXY header: Netty's read loop calls {@code SslHandler} and the others,
 * and the last of them {@code InboundGate.channelRead}.
 * </ul>
 * <li>{@code InboundGate} counts the bytes, or discards them once the end of the
 * connection is decided. {@code FrameDecoder.takeFrames} finds the last complete frame:
 * all up to it is one message, {@code Frames}, which the gate delivers to
 * {@code NettyTcpConnection.receive}.
 * <li>A rest goes on through the pipeline. {@code FrameDecoder.channelRead} keeps it
 * until it is complete; then {@code ConnectionHandler} delivers it to
 * {@code NettyTcpConnection.receive}.
 * <li>{@code NettyTcpConnection.receive} makes a message of the frames by
 * {@code NettyTcpMessageMapper} and calls the stock {@code TcpReceivingChannelAdapter},
 * which sends it down the flow on the same thread.
 * <li>At the flow's end the stock {@code TcpSendingMessageHandler} calls
 * {@code NettyTcpConnection.send}. {@code ConnectionOutput} gathers the answers to one
 * read.
 * <li>At the end of the read, {@code NettyTcpConnection.readComplete} flushes. One buffer
 * goes straight to the socket by {@code DirectSend}; several go through the channel's
 * queue. {@code BackPressure} pauses reading while the peer does not take its answers.
 * <li>{@code ConnectionLife} reports what happens to a connection, and calls
 * {@code ConnectionEnd}, which sends FIN or closes at once. At shutdown
 * {@code InputDrain} finds out when all input has been read. {@code IdleTimeout} reports
 * connections on which no byte moves.
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
