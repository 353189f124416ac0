package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.socketecho.fault.FaultSet;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.telemetry.UdpServerRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocketFactory;
import io.netty.buffer.ByteBuf;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.udp.inbound.AbstractInternetProtocolReceivingChannelAdapter;
import org.springframework.messaging.support.GenericMessage;

/**
 * The inbound channel adapter of a UDP server, on Netty's event loops. It stands in for
 * Spring Integration's {@code UnicastReceivingChannelAdapter} and its multicast variant,
 * at the beginning of the server's flow. Each datagram becomes one message: its payload
 * is a {@link Datagram}, its headers are those of the stock adapter without id and
 * timestamp. The event loop of the socket runs the flow.
 * <p>
 * It differs from the stock adapter. It binds in {@link #start()}, on the caller's
 * thread, and throws a {@link ServerBindException} if it cannot. It does not truncate
 * datagrams, and it passes on empty ones. Task executor, pool size and buffer size have
 * no effect.
 */
public final class NettyUdpReceivingChannelAdapter extends AbstractInternetProtocolReceivingChannelAdapter {

	/**
	 * Not the logger of this class: Spring Integration logs its starts and stops there.
	 */
	private static final Log servers = LogFactory.getLog(UdpServerSocket.class);

	private static final long STOP_SECONDS = 5;

	private final UdpServerSettings settings;

	private final EventLoops eventLoops;

	private final UdpServerRecorder recorder;

	private final BoundPorts boundPorts;

	private final UdpAdmission admission;

	private final UdpDrops drops;

	private final CurrentSockets sockets = new CurrentSockets();

	/**
	 * Creates an adapter.
	 * @param settings the server's settings
	 * @param blockedSourcePorts source ports that are never answered, besides the ports
	 * of this service
	 * @param eventLoops the event loops, which outlive the adapter
	 * @param boundPorts the ports of this service; the adapter adds its own
	 * @param recorder is told of the traffic
	 */
	public NettyUdpReceivingChannelAdapter(UdpServerSettings settings, Collection<Integer> blockedSourcePorts,
			EventLoops eventLoops, BoundPorts boundPorts, UdpServerRecorder recorder) {
		super(settings.port());
		this.settings = settings;
		this.eventLoops = eventLoops;
		this.recorder = recorder;
		this.boundPorts = boundPorts;
		int rate = settings.maxPerSecondPerSource();
		this.admission = new UdpAdmission(settings,
				new LoopGuard(blockedSourcePorts, boundPorts, settings.timedAnswers()), (rate > 0)
						? new SourceRateLimiter(rate, System::nanoTime, ThreadLocalRandom.current().nextLong()) : null);
		this.drops = new UdpDrops(settings.name(), recorder);
		recorder.kernelDrops(this.sockets::kernelDrops);
	}

	@Override
	public String getComponentType() {
		return "udp:netty-inbound-channel-adapter";
	}

	/**
	 * Binds the sockets and starts to receive.
	 * @throws ServerBindException if a socket cannot be bound
	 */
	@Override
	protected void doStart() {
		UdpServerSockets opened = serverSockets(
				new UdpSocketFactory(this.settings.socket(), this.eventLoops, this.admission::refusal).open());
		this.boundPorts.add(opened.localAddress().getPort());
		this.sockets.bound(opened);
		opened.open();
		setListening(true);
		servers.info(opened.description(this.settings));
	}

	private UdpServerSockets serverSockets(UdpSocketFactory.Opened opened) {
		return new UdpServerSockets(opened.all().stream().map(this::serverSocket).toList(), opened.inherited());
	}

	private UdpServerSocket serverSocket(UdpSocketFactory.BoundSocket bound) {
		return new UdpServerSocket(bound.socket(), bound.eventLoop(), this.settings, this.admission, this.recorder,
				this.drops, this::receive);
	}

	private void receive(Datagram datagram) {
		sendMessage(new GenericMessage<>(datagram, datagram.peer().headers()));
	}

	/**
	 * Sends a datagram that is not an answer. Called by the sending handler.
	 * @param content the payload; this takes over the caller's reference
	 * @param receiver the receiver's address and port
	 * @throws IllegalStateException if the server is stopped
	 */
	void send(ByteBuf content, InetSocketAddress receiver) {
		UdpServerSockets open = this.sockets.get();
		if (open.isEmpty()) {
			content.release();
			throw new IllegalStateException("server '%s' is stopped".formatted(this.settings.name()));
		}
		open.first().send(content, new Peer(receiver), receiver.getPort());
	}

	/**
	 * Replaces the faults. Datagrams that the removed ones hold pass at once. Any thread.
	 * @param next the faults
	 * @return completes when each socket has them
	 */
	public CompletableFuture<Void> setFaults(FaultSet next) {
		return this.sockets.setFaults(next);
	}

	/**
	 * Returns the faults that the server commits on purpose.
	 * @return the faults, none as a rule
	 */
	public FaultSet faults() {
		return this.sockets.faults();
	}

	/**
	 * Counts and logs a datagram that the flow does not answer.
	 * @param datagram the datagram
	 * @param reason why
	 */
	public void drop(Datagram datagram, DropReason reason) {
		this.drops.dropped(reason, datagram.peer());
	}

	/**
	 * Answers datagrams until the sockets are empty, 500 ms at most, and those that
	 * faults hold, however long that takes. Then it closes the sockets. Called at
	 * shutdown, before {@link #stop()}.
	 * @return completes when the sockets are closed
	 */
	public CompletableFuture<Void> drain() {
		UdpServerSockets open = this.sockets.get();
		setListening(false);
		return open.drain();
	}

	/**
	 * Ends a drain: closes the sockets at once. Called at shutdown when its time is over.
	 */
	public void cut() {
		this.sockets.get().close();
	}

	/**
	 * Closes the sockets at once.
	 */
	@Override
	protected void doStop() {
		UdpServerSockets open = this.sockets.get();
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
		this.sockets.closed();
		if (!open.isEmpty()) {
			this.boundPorts.remove(open.localAddress().getPort());
		}
	}

	/**
	 * Returns the port: the bound one while the server listens, the configured one
	 * otherwise.
	 */
	@Override
	public int getPort() {
		InetSocketAddress bound = boundAddress();
		return (bound != null) ? bound.getPort() : super.getPort();
	}

	/**
	 * Returns the address that the server is bound to.
	 * @return the address and port, {@code null} if it does not listen
	 */
	public @Nullable InetSocketAddress boundAddress() {
		UdpServerSockets open = this.sockets.get();
		return (isListening() && !open.isEmpty()) ? open.localAddress() : null;
	}

	/**
	 * Returns how many sockets are open.
	 * @return 0 if the server does not listen
	 */
	public int sockets() {
		return isListening() ? this.sockets.get().all().size() : 0;
	}

	/**
	 * Returns the server's settings.
	 * @return the settings
	 */
	public UdpServerSettings settings() {
		return this.settings;
	}

	/**
	 * Has no effect: the size is in the settings.
	 */
	@Override
	public void setSoSendBufferSize(int size) {
	}

	/**
	 * Does nothing: event loops receive, not a task.
	 */
	@Override
	public void run() {
	}

}
