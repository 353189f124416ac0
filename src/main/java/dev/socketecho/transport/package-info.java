/**
 * Netty behind Spring Integration's types. Knows nothing of properties, meters or HTTP:
 * it takes plain values and a recorder. This package holds no class. To learn how the
 * subpackages work together, begin with the two paths below. All steps of a path run on
 * one thread, the event loop of the connection or socket, unless they say otherwise.
 *
 * <h2>A TCP message, from accept to flush</h2>
 * <ol>
 * <li>{@code AcceptGate} (on the event loop of the listening socket) asks
 * {@code SourceGate} whether to admit a connection. {@code Acceptor} hands it to
 * {@code ServerPipeline}, which builds its pipeline: {@code SslHandler} with TLS, then
 * {@code InboundGate}, {@code FrameDecoder} if there is framing, and
 * {@code ConnectionHandler}. With {@code proxy-protocol}, the connection waits in
 * {@code ProxiedConnections} before that. When the header has arrived,
 * {@code ProxiedConnections.admit} asks {@code SourceGate} again, now about the source in
 * the header.
 * <li>The event loop reads bytes in one of three ways:
 * <ul>
 * <li>on epoll, without TLS and without {@code proxy-protocol}: {@code DirectReceive}
 * reads into the {@code ReceiveBuffer} of the event loop and calls
 * {@code InboundGate.receive};
 * <li>without TLS, everything else: what {@code DirectReceive} leaves to Netty (the end
 * of input, events with an error or a hang-up, paused reads), servers with
 * {@code proxy-protocol}, other transports. Netty's read loop calls
 * {@code InboundGate.channelRead}. Its receive allocator is
 * {@code SharedReceiveAllocator} on epoll, {@code PausableReceiveAllocator} on io_uring
 * and on epoll with {@code proxy-protocol} or TLS, and Netty's
 * {@code AdaptiveRecvByteBufAllocator} on NIO;
 * <li>TLS: Netty's read loop calls {@code SslHandler}, which calls
 * {@code InboundGate.channelRead}.
 * </ul>
 * <li>{@code InboundGate} counts the bytes, or discards them once the end of the
 * connection is decided. {@code FrameDecoder.takeFrames} finds the last complete frame:
 * all up to it is one message, {@code Frames}, which the gate delivers to
 * {@code MessageInput.receive}.
 * <li>An incomplete frame goes on through the pipeline. {@code FrameDecoder.channelRead}
 * keeps it until it is complete; then {@code ConnectionHandler} delivers it to
 * {@code MessageInput.receive}.
 * <li>{@code MessageInput.receive} makes a message of the frames by
 * {@code NettyTcpMessageMapper} and calls the stock {@code TcpReceivingChannelAdapter},
 * which sends it down the flow on the same thread.
 * <li>At the flow's end {@code NettyTcpSendingMessageHandler} calls
 * {@code NettyTcpConnection.send}. {@code MessageOutput} gives the answer the form of the
 * framing, and {@code ConnectionOutput} gathers the answers to one read.
 * <li>At the end of the read, {@code MessageInput.readComplete} flushes. One buffer goes
 * straight to the socket by {@code DirectSend}; several go through the channel's queue.
 * {@code BackPressure} pauses reading while the peer does not read its answers.
 * <li>{@code ConnectionLife} reports what happens to a connection, and calls
 * {@code ConnectionEnd}, which sends FIN or closes at once. At SIGTERM {@code InputDrain}
 * has everything read that is in the socket. {@code IdleTimeout} reports connections on
 * which no byte moves.
 * </ol>
 *
 * <p>
 * With WebSocket, the handlers of {@code transport.websocket} stand in the place of
 * {@code FrameDecoder}. {@code InboundGate} gives them all bytes of a read, and
 * {@code WebSocketMessages}, the last of them, gives {@code ConnectionHandler} messages:
 * small ones as one burst, which is already encoded and leaves as one buffer; others as
 * their payload, which leaves through the encoder. {@code ConnectionEnd} has
 * {@code WebSocketSession} send a close frame before FIN.
 *
 * <p>
 * While the server has faults, {@code ConnectionFaults} adds up to two handlers to the
 * pipeline of each connection: one for the bytes on the wire, before {@code SslHandler}
 * or else before {@code InboundGate}, and one for messages, before
 * {@code ConnectionHandler}. {@code DirectReceive} and {@code DirectSend} are not used
 * past them: {@code InboundGate} tells {@code DirectReceive} whether a handler stands in
 * front of it, and {@code ConnectionOutput} asks whether there are faults. With faults
 * for messages each frame travels alone.
 *
 * <h2>A datagram, from the socket to the socket</h2>
 * <ol>
 * <li>The event loop tells {@code UdpServerSocket} that there are datagrams to receive:
 * through {@code SocketWatch} on epoll and io_uring, through {@code NioUdpSocket.Handle}
 * on NIO.
 * <li>{@code UdpInput} receives a burst of up to 32 datagrams with one call of
 * {@code UdpSocket}: {@code NativeUdpSocket} by {@code recvmmsg}, {@code NioUdpSocket}
 * one by one. It receives up to 4 bursts before the event loop serves other sockets.
 * After a failure to receive it pauses for 100 ms. {@code PeerTable} remembers the
 * senders.
 * <li>{@code UdpAdmission} decides which of them are dropped, and {@code UdpDrops} counts
 * those; {@code NettyUdpReceivingChannelAdapter} sends the others down the flow.
 * <li>At the flow's end {@code NettyUdpSendingMessageHandler} gives the answer to the
 * socket that has received the datagram. {@code UdpOutput} queues it and sends the
 * answers of a burst together, each from the address that its datagram was sent to (on
 * NIO, from the address that the route chooses). With {@code mode: collect} the flow ends
 * without an answer. With {@code mode: stamp} {@code Datagram} has an {@code Arrival},
 * which {@code ArrivalInfo} reads from control messages, and {@code OutboundDatagram}
 * writes the time of sending when the socket encodes it.
 * <li>While the server has faults, {@code UdpFaults} stands between the admission and the
 * flow, and between the flow and {@code UdpOutput}.
 * <li>While the socket has no room for answers, nothing is received: the kernel's receive
 * buffer fills, and the kernel drops datagrams. {@code KernelDropCounter} reads how many;
 * on NIO {@code PortDropCounter} does.
 * <li>At SIGTERM {@code UdpSocketEnd} answers the datagrams that are in the socket, for
 * 500 ms at most, and closes it. When a server is only stopped, it is closed at once.
 * </ol>
 */
@NullMarked
package dev.socketecho.transport;

import org.jspecify.annotations.NullMarked;
