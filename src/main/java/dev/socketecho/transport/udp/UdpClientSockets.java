package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.transport.loop.ConnectAttempt;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.UnreachableCause;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Opens the sockets of a UDP client, and connects them to the two channel adapters of its
 * flow: the {@link UdpClientSendingMessageHandler} sends through the socket that is
 * selected, the {@link UdpClientReceivingChannelAdapter} gets the datagrams of all
 * sockets. Clients and UDP probes use it. Thread-safe.
 */
public final class UdpClientSockets {

	/** In bytes. A shorter buffer would truncate datagrams without a report. */
	private static final int LONGEST_DATAGRAM = 65_535;

	private final UdpClientSettings settings;

	private final EventLoops eventLoops;

	private final ClientRecorder recorder;

	private final FastThreadLocal<UdpClientSocket> selected = new FastThreadLocal<>();

	private volatile Consumer<ByteBuf> receiver = (_) -> {
	};

	/**
	 * Creates an instance without sockets.
	 * @param settings the client's settings
	 * @param eventLoops the event loops, which outlive the client
	 * @param recorder is told of the traffic
	 */
	public UdpClientSockets(UdpClientSettings settings, EventLoops eventLoops, ClientRecorder recorder) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.recorder = recorder;
	}

	/**
	 * Returns the client's settings.
	 * @return the settings
	 */
	public UdpClientSettings settings() {
		return this.settings;
	}

	/**
	 * Sets the receiver of datagrams.
	 * @param datagrams called on an event loop; the buffer is released after the call
	 */
	public void receiveWith(Consumer<ByteBuf> datagrams) {
		this.receiver = datagrams;
	}

	/**
	 * Looks the host up and opens a socket, within the lookup timeout of the settings.
	 * @param eventLoop the event loop that the socket is confined to
	 * @return completes on the event loop; any thread may cancel it, which ends the
	 * attempt
	 */
	public CompletableFuture<UdpClientSocket> open(EventLoop eventLoop) {
		return open(eventLoop, this.settings.lookupTimeout());
	}

	/**
	 * Looks the host up and opens a socket.
	 * @param eventLoop the event loop that the socket is confined to
	 * @param limit how long that may take, instead of the lookup timeout of the settings
	 * @return completes on the event loop; any thread may cancel it, which ends the
	 * attempt
	 */
	public CompletableFuture<UdpClientSocket> open(EventLoop eventLoop, Duration limit) {
		return new ConnectAttempt<UdpClientSocket>(eventLoop, this.eventLoops.resolver(),
				(remote, local) -> open(eventLoop, remote, local), UdpClientSocket::close)
			.start(this.settings.host(), this.settings.port(), this.settings.localAddress(), this.settings.localPort(),
					limit);
	}

	private CompletableFuture<UdpClientSocket> open(EventLoop eventLoop, InetSocketAddress remote,
			@Nullable InetSocketAddress local) {
		CompletableFuture<UdpClientSocket> opened = new CompletableFuture<>();
		Bootstrap bootstrap = new Bootstrap().group(eventLoop)
			.channel(this.eventLoops.transport().datagramChannelType())
			.option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
			.option(ChannelOption.RECVBUF_ALLOCATOR, new FixedRecvByteBufAllocator(LONGEST_DATAGRAM))
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
				}

			});
		this.settings.options().apply(bootstrap, this.settings.localPort() != 0);
		ChannelFuture connect = (local != null) ? bootstrap.connect(remote, local) : bootstrap.connect(remote);
		connect.addListener((done) -> {
			if (!done.isSuccess()) {
				opened.completeExceptionally(UnreachableCause.of(done.cause(), remote));
				return;
			}
			UdpClientSocket socket = new UdpClientSocket(connect.channel(), this.recorder,
					(datagram) -> this.receiver.accept(datagram));
			connect.channel().pipeline().addLast(socket);
			if (!opened.complete(socket)) {
				socket.close();
			}
		});
		opened.whenComplete((_, failed) -> {
			if (failed != null) {
				connect.channel().close();
			}
		});
		return opened;
	}

	/**
	 * Runs code on the current thread, and lets the sending handler use one socket
	 * meanwhile.
	 * @param socket the socket to send through
	 * @param sends sends messages to the flow that ends in the handler
	 */
	public void select(UdpClientSocket socket, Runnable sends) {
		this.selected.set(socket);
		try {
			sends.run();
		}
		finally {
			this.selected.remove();
		}
	}

	/**
	 * Returns the selected socket.
	 */
	UdpClientSocket selected() {
		UdpClientSocket socket = this.selected.getIfExists();
		if (socket == null) {
			throw new IllegalStateException("client '%s' has no open socket".formatted(this.settings.name()));
		}
		return socket;
	}

}
