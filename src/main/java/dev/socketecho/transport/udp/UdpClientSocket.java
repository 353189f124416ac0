package dev.socketecho.transport.udp;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.DatagramPacket;

/**
 * A connected UDP socket of a client. It receives only datagrams of its server, and ICMP
 * errors (RFC 1122, 4.1.3.3), such as {@code connection_refused} for a port on which
 * nobody listens. It is the only handler of its channel; {@link UdpClientSockets} opens
 * it.
 * <p>
 * Confined to its event loop.
 */
public final class UdpClientSocket extends SimpleChannelInboundHandler<DatagramPacket> {

	/** How long nothing is received after there was no memory for it. */
	private static final long PAUSE_MILLIS = 100;

	private final Channel channel;

	private final ClientRecorder recorder;

	private final Consumer<ByteBuf> receiver;

	private final long openedNanos = System.nanoTime();

	private ChannelFuture lastSend;

	private Consumer<Throwable> errors = (_) -> {
	};

	/**
	 * Takes over the channel of a connected socket, and records that it is open.
	 * @param channel the channel, whose pipeline gets this as its handler
	 * @param recorder is told of the traffic
	 * @param receiver gets each datagram on the event loop; the buffer is released after
	 * the call
	 */
	public UdpClientSocket(Channel channel, ClientRecorder recorder, Consumer<ByteBuf> receiver) {
		this.channel = channel;
		this.lastSend = channel.newSucceededFuture();
		this.recorder = recorder;
		this.receiver = receiver;
		recorder.connectionOpened();
	}

	/**
	 * Queues a datagram; {@link #flush} sends it. It is counted when it is sent.
	 * @param datagram the datagram
	 */
	public void send(ClientDatagram datagram) {
		int length = datagram.content().readableBytes();
		this.lastSend = this.channel.write(datagram.content().retain()).addListener((sent) -> {
			if (sent.isSuccess()) {
				this.recorder.sent(length, 1);
			}
			else {
				datagram.failed().accept(sent.cause());
			}
		});
	}

	/**
	 * Sends the datagrams that are queued.
	 * @return completes on the event loop when the kernel has accepted or refused each of
	 * them; never fails
	 */
	public CompletableFuture<Void> flush() {
		this.channel.flush();
		CompletableFuture<Void> flushed = new CompletableFuture<>();
		if (this.lastSend.isDone()) {
			flushed.complete(null);
		}
		else {
			this.lastSend.addListener((_) -> flushed.complete(null));
		}
		return flushed;
	}

	/**
	 * Sets the listener for errors that belong to no particular datagram.
	 * @param listener called on the event loop
	 */
	public void onError(Consumer<Throwable> listener) {
		this.errors = listener;
	}

	/**
	 * Closes the socket.
	 */
	public void close() {
		this.channel.close();
	}

	@Override
	protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket datagram) {
		this.recorder.bytesReceived(datagram.content().readableBytes());
		this.recorder.messagesReceived(1);
		this.receiver.accept(datagram.content());
	}

	/**
	 * Reports an ICMP error, or an error of the receiver. If there is no memory to
	 * receive into, nothing is received for a moment. Otherwise the event loop would
	 * report the socket again and again.
	 */
	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		if (cause instanceof OutOfMemoryError) {
			this.recorder.error(SocketError.of(cause));
			if (this.channel.config().isAutoRead()) {
				this.channel.config().setAutoRead(false);
				ctx.executor()
					.schedule(() -> this.channel.config().setAutoRead(true), PAUSE_MILLIS, TimeUnit.MILLISECONDS);
			}
			return;
		}
		this.errors.accept(cause);
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		this.recorder.connectionClosed(CloseReason.OPERATOR, Duration.ofNanos(System.nanoTime() - this.openedNanos));
	}

}
