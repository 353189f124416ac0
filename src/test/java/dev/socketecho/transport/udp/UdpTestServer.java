package dev.socketecho.transport.udp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.InheritedSockets;
import dev.socketecho.transport.loop.TransportType;
import io.netty.buffer.ByteBuf;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.ip.udp.outbound.AbstractInternetProtocolSendingMessageHandler;
import org.springframework.messaging.MessageHandler;

/**
 * A UDP echo server on the loopback interface, with its own event loops.
 */
public final class UdpTestServer implements AutoCloseable {

	public static final UdpServerSettings DEFAULTS = new UdpTestSettings().build();

	public final Recorder recorder = new Recorder();

	final DirectChannel channel = new DirectChannel();

	final NettyUdpReceivingChannelAdapter adapter;

	final AbstractInternetProtocolSendingMessageHandler sender;

	final EventLoops eventLoops;

	private final boolean ownsEventLoops;

	private UdpTestServer(TransportType type, UdpServerSettings settings, InheritedSockets inherited,
			Collection<Integer> blocked, UnaryOperator<MessageHandler> handler) {
		this(new EventLoops(type, 2, "test-io", inherited), true, settings, blocked, handler);
	}

	private UdpTestServer(EventLoops eventLoops, boolean ownsEventLoops, UdpServerSettings settings,
			Collection<Integer> blocked, UnaryOperator<MessageHandler> handler) {
		this.eventLoops = eventLoops;
		this.ownsEventLoops = ownsEventLoops;
		this.adapter = new NettyUdpReceivingChannelAdapter(settings, blocked, this.eventLoops, new BoundPorts(),
				this.recorder);
		this.sender = new NettyUdpSendingMessageHandler(this.adapter);
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		this.channel.setBeanFactory(beans);
		this.channel.afterPropertiesSet();
		this.sender.setBeanFactory(beans);
		this.sender.afterPropertiesSet();
		this.channel.subscribe(handler.apply(this.sender));
		this.adapter.setBeanFactory(beans);
		this.adapter.setOutputChannel(this.channel);
		this.adapter.afterPropertiesSet();
	}

	static UdpTestServer start(TransportType type) {
		return start(type, new UdpTestSettings());
	}

	static UdpTestServer start(TransportType type, UdpTestSettings settings) {
		return start(type, settings.build(), List.of(), UnaryOperator.identity());
	}

	static UdpTestServer start(TransportType type, UnaryOperator<MessageHandler> handler) {
		return start(type, DEFAULTS, List.of(), handler);
	}

	/**
	 * Starts a server whose first datagram, and those behind it, wait for a latch.
	 */
	static UdpTestServer startHeld(TransportType type, UdpTestSettings settings, CountDownLatch latch) {
		AtomicBoolean first = new AtomicBoolean(true);
		return start(type, settings.build(), List.of(), (handler) -> (message) -> {
			if (first.compareAndSet(true, false)) {
				awaitUninterruptibly(latch);
			}
			handler.handleMessage(message);
		});
	}

	public static UdpTestServer start(TransportType type, UdpServerSettings settings, InheritedSockets inherited) {
		return start(new UdpTestServer(type, settings, inherited, List.of(), UnaryOperator.identity()));
	}

	static UdpTestServer start(TransportType type, UdpServerSettings settings, Collection<Integer> blocked,
			UnaryOperator<MessageHandler> handler) {
		return start(new UdpTestServer(type, settings, InheritedSockets.NONE, blocked, handler));
	}

	/**
	 * Starts a server on event loops that it does not end.
	 */
	static UdpTestServer start(EventLoops eventLoops, UdpServerSettings settings,
			UnaryOperator<MessageHandler> handler) {
		return start(new UdpTestServer(eventLoops, false, settings, List.of(), handler));
	}

	private static UdpTestServer start(UdpTestServer server) {
		try {
			server.adapter.start();
			return server;
		}
		catch (RuntimeException ex) {
			server.close();
			throw ex;
		}
	}

	/**
	 * A flow that fails for the datagrams of one text and answers the others.
	 */
	static UnaryOperator<MessageHandler> failingFor(String text, Runnable failure) {
		return (handler) -> (message) -> {
			ByteBuf content = ((Datagram) message.getPayload()).content();
			if (content.toString(StandardCharsets.US_ASCII).equals(text)) {
				failure.run();
			}
			handler.handleMessage(message);
		};
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await(30, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	public int port() {
		return this.adapter.getPort();
	}

	InetSocketAddress at(String address) {
		return new InetSocketAddress(address, port());
	}

	UdpTestClient connect() throws IOException {
		return UdpTestClient.connected(at("127.0.0.1"));
	}

	@Override
	public void close() {
		this.adapter.stop();
		if (this.ownsEventLoops) {
			this.eventLoops.close();
		}
	}

	/**
	 * Counts what the server reports.
	 */
	public static final class Recorder implements UdpServerRecorder {

		final AtomicLong receivedBytes = new AtomicLong();

		final AtomicLong received = new AtomicLong();

		final AtomicLong sentBytes = new AtomicLong();

		final AtomicLong sent = new AtomicLong();

		private final Map<DropReason, AtomicLong> drops = new ConcurrentHashMap<>();

		private final Map<SocketError, AtomicLong> errors = new ConcurrentHashMap<>();

		private LongSupplier kernelDrops = () -> 0;

		public long drops(DropReason reason) {
			return (reason == DropReason.KERNEL_BUFFER) ? this.kernelDrops.getAsLong()
					: this.drops.getOrDefault(reason, new AtomicLong()).get();
		}

		public long errors(SocketError error) {
			return this.errors.getOrDefault(error, new AtomicLong()).get();
		}

		@Override
		public void received(long bytes, long datagrams) {
			this.receivedBytes.addAndGet(bytes);
			this.received.addAndGet(datagrams);
		}

		@Override
		public void sent(long bytes, long datagrams) {
			this.sentBytes.addAndGet(bytes);
			this.sent.addAndGet(datagrams);
		}

		@Override
		public void dropped(DropReason reason) {
			this.drops.computeIfAbsent(reason, (_) -> new AtomicLong()).incrementAndGet();
		}

		@Override
		public void error(SocketError error) {
			this.errors.computeIfAbsent(error, (_) -> new AtomicLong()).incrementAndGet();
		}

		@Override
		public void kernelDrops(LongSupplier drops) {
			this.kernelDrops = drops;
		}

	}

}
