package dev.socketecho.server;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.fault.FaultSet;
import dev.socketecho.transport.tcp.NettyTcpSendingMessageHandler;
import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.ip.tcp.inbound.TcpReceivingChannelAdapter;
import org.springframework.messaging.MessageHandler;

/**
 * A TCP server: Spring Integration's own TCP adapters around a connection factory.
 */
public final class TcpEchoServer extends EchoServer {

	private final NettyTcpServerConnectionFactory connectionFactory;

	private final InstanceIdentity identity;

	/**
	 * Creates a server, which does not listen yet.
	 * @param connectionFactory the sockets
	 * @param mode what happens to a message
	 * @param identity what {@link ServerMode#IDENTIFY} answers about this instance
	 * @param payloadLog how much of the messages is logged, {@code null} for nothing
	 */
	public TcpEchoServer(NettyTcpServerConnectionFactory connectionFactory, ServerMode mode, InstanceIdentity identity,
			@Nullable PayloadLogSettings payloadLog) {
		super(mode, payloadLog);
		this.connectionFactory = connectionFactory;
		this.identity = identity;
	}

	/**
	 * Returns the factory that accepts the connections.
	 * @return the factory
	 */
	public NettyTcpServerConnectionFactory connectionFactory() {
		return this.connectionFactory;
	}

	@Override
	public String name() {
		return this.connectionFactory.settings().name();
	}

	@Override
	public String transport() {
		return "tcp";
	}

	@Override
	public @Nullable InetSocketAddress localAddress() {
		return (this.connectionFactory.getServerSocketAddress() instanceof InetSocketAddress address) ? address : null;
	}

	@Override
	public int port() {
		return this.connectionFactory.getPort();
	}

	@Override
	public FaultSet faults() {
		return this.connectionFactory.faults();
	}

	@Override
	CompletableFuture<Void> setFaults(FaultSet next) {
		return this.connectionFactory.setFaults(next);
	}

	@Override
	MessageProducerSupport inbound() {
		TcpReceivingChannelAdapter adapter = new TcpReceivingChannelAdapter();
		adapter.setConnectionFactory(this.connectionFactory);
		return adapter;
	}

	@Override
	MessageHandler outbound() {
		return new NettyTcpSendingMessageHandler(this.connectionFactory);
	}

	@Override
	TcpIdentifier identifier() {
		return new TcpIdentifier(this.connectionFactory, this.identity);
	}

	@Override
	MessageHandler reflector() {
		throw new IllegalStateException("server '%s': STAMP is a protocol over UDP".formatted(name()));
	}

	/**
	 * Checks that the framing can carry an answer of {@link ServerMode#IDENTIFY}.
	 * @throws TooLongFrameException if even the shortest answer is too long for a frame
	 * @throws IllegalArgumentException if each answer has bytes that end a frame
	 */
	public void requireIdentifiable() {
		identifier().requireFits();
	}

}
