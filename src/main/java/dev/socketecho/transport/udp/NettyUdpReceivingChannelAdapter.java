package dev.socketecho.transport.udp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.socketecho.telemetry.DatagramRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocketFactory;
import io.netty.buffer.ByteBuf;
import io.netty.util.NetUtil;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.udp.inbound.AbstractInternetProtocolReceivingChannelAdapter;
import org.springframework.messaging.support.GenericMessage;

/**
 * A UDP server on Netty's event loops. Each datagram becomes one message, whose payload
 * is a {@link Datagram} and whose headers are those of the stock adapter, without id and
 * timestamp.
 * <p>
 * Unlike the stock adapter it binds in {@link #start()}, on the caller's thread, and
 * throws a {@link ServerBindException} if it cannot; it cuts nothing, and hands on empty
 * datagrams. Its task executor, pool size and buffer size do not apply.
 */
public final class NettyUdpReceivingChannelAdapter extends AbstractInternetProtocolReceivingChannelAdapter {

	/**
	 * Not this class's own, to which Spring Integration logs what it starts and stops.
	 */
	private static final Log servers = LogFactory.getLog(UdpServerSocket.class);

	private static final long STOP_SECONDS = 5;

	private final UdpServerSettings settings;

	private final EventLoops eventLoops;

	private final DatagramRecorder recorder;

	private final BoundPorts boundPorts;

	private final UdpAdmission admission;

	private final UdpDrops drops;

	private volatile UdpServerSockets ports = UdpServerSockets.NONE;

	/** What the sockets of earlier starts have counted. */
	private long earlierKernelDrops;

	/**
	 * Creates an adapter.
	 * @param settings what the server is
	 * @param blockedSourcePorts ports that are never answered, beside those of this
	 * service
	 * @param eventLoops the event loops, which outlive the adapter
	 * @param boundPorts the ports of this service
	 * @param recorder what is told of the traffic
	 */
	public NettyUdpReceivingChannelAdapter(UdpServerSettings settings, Collection<Integer> blockedSourcePorts,
			EventLoops eventLoops, BoundPorts boundPorts, DatagramRecorder recorder) {
		super(settings.port());
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.recorder = recorder;
		this.boundPorts = boundPorts;
		int rate = settings.maxPerSecondPerSource();
		this.admission = new UdpAdmission(settings, new LoopGuard(blockedSourcePorts, boundPorts), (rate > 0)
				? new SourceRateLimiter(rate, System::nanoTime, ThreadLocalRandom.current().nextLong()) : null);
		this.drops = new UdpDrops(settings.name(), recorder);
		recorder.kernelDrops(this::kernelDrops);
	}

	@Override
	public String getComponentType() {
		return "udp:netty-inbound-channel-adapter";
	}

	/**
	 * Binds and receives.
	 * @throws ServerBindException if that is not possible
	 */
	@Override
	protected void doStart() {
		UdpServerSockets opened = ports(
				new UdpSocketFactory(this.settings.socket(), this.eventLoops, this.admission::refusal).open());
		this.ports = opened;
		InetSocketAddress bound = opened.localAddress();
		this.boundPorts.add(bound.getPort());
		opened.open();
		setListening(true);
		servers.info("Server '%s' listens: UDP, address %s, port %d, sockets %d%s%s".formatted(this.settings.name(),
				NetUtil.toAddressString(bound.getAddress()), bound.getPort(), opened.all().size(), groups(),
				opened.inherited() ? ", handed over" : ""));
	}

	private String groups() {
		List<InetAddress> groups = this.settings.multicast().groups();
		return groups.isEmpty() ? "" : ", groups " + groups.stream().map(NetUtil::toAddressString).toList();
	}

	private UdpServerSockets ports(UdpSocketFactory.Opened sockets) {
		return new UdpServerSockets(sockets.all().stream().map(this::port).toList(), sockets.inherited());
	}

	private UdpServerSocket port(UdpSocketFactory.BoundSocket socket) {
		return new UdpServerSocket(socket.io(), socket.eventLoop(), this.settings.maxDatagramSize(), this.admission,
				this.recorder, this.drops, this::receive);
	}

	private void receive(Datagram datagram) {
		sendMessage(new GenericMessage<>(datagram, datagram.peer().headers()));
	}

	/**
	 * Sends a datagram that answers none.
	 * @param content the payload; this takes over the caller's reference
	 * @param receiver where it goes
	 * @throws IllegalStateException if the server is stopped
	 */
	void send(ByteBuf content, InetSocketAddress receiver) {
		UdpServerSockets open = this.ports;
		if (open.isEmpty()) {
			content.release();
			throw new IllegalStateException("server '%s' is stopped".formatted(this.settings.name()));
		}
		open.first().send(content, new Peer(receiver), receiver.getPort());
	}

	/**
	 * Answers what has been received, then closes.
	 * @return complete when the sockets are closed
	 */
	public CompletableFuture<Void> drain() {
		UdpServerSockets open = this.ports;
		setListening(false);
		return open.drain();
	}

	/**
	 * Stops at once.
	 */
	@Override
	protected void doStop() {
		UdpServerSockets open = this.ports;
		setListening(false);
		try {
			open.close().get(STOP_SECONDS, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			this.logger.warn("Server '%s' does not stop in time".formatted(this.settings.name()));
		}
		catch (Exception ex) {
			this.logger.warn(ex, () -> "Server '%s' did not stop in order".formatted(this.settings.name()));
		}
		synchronized (this.drops) {
			this.earlierKernelDrops += open.kernelDrops();
			this.ports = UdpServerSockets.NONE;
		}
		if (!open.isEmpty()) {
			this.boundPorts.remove(open.localAddress().getPort());
		}
	}

	private long kernelDrops() {
		synchronized (this.drops) {
			return this.earlierKernelDrops + this.ports.kernelDrops();
		}
	}

	/**
	 * Returns the port: the one that was bound, as long as the server listens.
	 */
	@Override
	public int getPort() {
		InetSocketAddress bound = boundAddress();
		return (bound != null) ? bound.getPort() : super.getPort();
	}

	/**
	 * Returns where the server is bound.
	 * @return the address and port, {@code null} if it does not listen
	 */
	public @Nullable InetSocketAddress boundAddress() {
		UdpServerSockets open = this.ports;
		return (isListening() && !open.isEmpty()) ? open.localAddress() : null;
	}

	/**
	 * Returns how many sockets are open.
	 * @return 0 if the server does not listen
	 */
	public int sockets() {
		return isListening() ? this.ports.all().size() : 0;
	}

	/**
	 * Returns what the server is.
	 * @return the settings
	 */
	public UdpServerSettings settings() {
		return this.settings;
	}

	/**
	 * Does nothing: the settings say.
	 */
	@Override
	public void setSoSendBufferSize(int size) {
	}

	/**
	 * Does nothing: the event loops receive.
	 */
	@Override
	public void run() {
	}

}
