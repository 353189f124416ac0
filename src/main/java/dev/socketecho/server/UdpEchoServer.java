package dev.socketecho.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.fault.FaultSet;
import dev.socketecho.stamp.StampSessions;
import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import dev.socketecho.transport.udp.NettyUdpSendingMessageHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandler;

/**
 * A UDP server.
 */
public final class UdpEchoServer extends EchoServer {

	private final NettyUdpReceivingChannelAdapter adapter;

	private final InstanceIdentity identity;

	private final @Nullable ReflectorSettings reflector;

	/**
	 * Creates a server, which does not listen yet.
	 * @param adapter the sockets
	 * @param mode what happens to a datagram
	 * @param identity what {@link ServerMode#IDENTIFY} answers about this instance
	 * @param reflector what {@link ServerMode#STAMP} needs, {@code null} in any other
	 * mode
	 * @param payloadLog how much of the datagrams is logged, {@code null} for nothing
	 */
	public UdpEchoServer(NettyUdpReceivingChannelAdapter adapter, ServerMode mode, InstanceIdentity identity,
			@Nullable ReflectorSettings reflector, @Nullable PayloadLogSettings payloadLog) {
		super(mode, payloadLog);
		this.adapter = adapter;
		this.identity = identity;
		this.reflector = reflector;
	}

	/**
	 * Returns the adapter that receives the datagrams.
	 * @return the adapter
	 */
	public NettyUdpReceivingChannelAdapter adapter() {
		return this.adapter;
	}

	@Override
	public String name() {
		return this.adapter.settings().name();
	}

	@Override
	public String transport() {
		return "udp";
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return this.adapter.boundAddress();
	}

	@Override
	public int port() {
		return this.adapter.getPort();
	}

	@Override
	public FaultSet faults() {
		return this.adapter.faults();
	}

	@Override
	CompletableFuture<Void> setFaults(FaultSet next) {
		return this.adapter.setFaults(next);
	}

	@Override
	MessageProducerSupport inbound() {
		return this.adapter;
	}

	@Override
	MessageHandler outbound() {
		return new NettyUdpSendingMessageHandler(this.adapter);
	}

	@Override
	UdpIdentifier identifier() {
		return new UdpIdentifier(this.adapter, this.identity);
	}

	@Override
	UdpReflector reflector() {
		if (this.reflector == null) {
			throw new IllegalStateException("server '%s' is no reflector".formatted(name()));
		}
		return new UdpReflector(this.adapter, this.reflector);
	}

	/**
	 * Returns the sessions of a stateful reflector.
	 * @return the sessions, {@code null} if there are none in this mode
	 */
	public @Nullable StampSessions sessions() {
		return (this.reflector != null) ? this.reflector.sessions() : null;
	}

	/**
	 * Returns the least length of an answer of {@link ServerMode#IDENTIFY}.
	 * @return the length in bytes
	 */
	public int shortestIdentifyAnswer() {
		return identifier().shortestAnswer();
	}

	/**
	 * Returns where a datagram came to.
	 * @param adapter the sockets
	 * @param message the message of the datagram
	 * @return the address that it was sent to, if the platform tells it, else the one
	 * that the server is bound to; and the server's port
	 */
	static InetSocketAddress local(NettyUdpReceivingChannelAdapter adapter, Message<?> message) {
		InetSocketAddress bound = Objects.requireNonNullElseGet(adapter.boundAddress(),
				() -> new InetSocketAddress(adapter.getPort()));
		InetAddress address = message.getHeaders().get(IpHeaders.LOCAL_ADDRESS, InetAddress.class);
		return (address != null) ? new InetSocketAddress(address, bound.getPort()) : bound;
	}

}
