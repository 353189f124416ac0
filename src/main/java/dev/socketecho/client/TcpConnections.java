package dev.socketecho.client;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

import dev.socketecho.codec.Frames;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.MessageFramer;
import dev.socketecho.transport.loop.SharedHeaders;
import dev.socketecho.transport.tcp.NettyTcpClientConnectionFactory;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * The open connections of a {@link TcpEchoClient}, each with its {@link TcpExchange}. It
 * stands between the pool and the connection factory: it sends a request through the
 * client's flow or straight to its connection, and gives what a connection receives to
 * that connection's exchange.
 * <p>
 * Thread-safe: the connections are on several event loops.
 */
final class TcpConnections {

	private final TcpEchoClientSettings settings;

	private final NettyTcpClientConnectionFactory factory;

	private final MessageFramer framer;

	private final RequestTracker tracker;

	private final Map<String, Pooled> exchanges = new ConcurrentHashMap<>();

	private volatile Outlet outlet = NettyTcpConnection::send;

	TcpConnections(TcpEchoClientSettings settings, NettyTcpClientConnectionFactory factory, MessageFramer framer,
			RequestTracker tracker) {
		this.settings = settings;
		this.factory = factory;
		this.framer = framer;
		this.tracker = tracker;
		factory.onClosed(this::ended);
	}

	TcpEchoClientSettings settings() {
		return this.settings;
	}

	RequestTracker tracker() {
		return this.tracker;
	}

	/**
	 * Sends requests through a flow, which ends at the connection factory, instead of
	 * straight to the connection.
	 */
	void sendThrough(Outlet flow) {
		this.outlet = flow;
	}

	CompletableFuture<NettyTcpConnection> connect(EventLoop eventLoop) {
		return this.factory.connect(eventLoop);
	}

	/**
	 * Starts the exchange of a new connection.
	 * @param slot the slot that the connection belongs to
	 */
	TcpExchange begin(NettyTcpConnection connection, ConnectionSlot slot) {
		TcpExchange exchange = new TcpExchange(connection, matcher(), this);
		this.exchanges.put(connection.getConnectionId(), new Pooled(exchange, slot));
		return exchange;
	}

	private ReplyMatcher matcher() {
		Framing.Boundary boundary = this.settings.isSingleUse() ? Framing.Boundary.END_OF_INPUT
				: this.settings.connection().framing().framing().boundary();
		return switch (boundary) {
			case READ -> new StreamReplyMatcher();
			case FRAME -> new FramedReplyMatcher(this.framer);
			case END_OF_INPUT -> new UntilCloseReplyMatcher(this.framer, this.framer.overhead());
		};
	}

	/**
	 * Sends a request on a connection. Called on the connection's event loop.
	 */
	void transmit(NettyTcpConnection connection, EchoRequest request) {
		ByteBuf frame = this.framer.frame(PooledByteBufAllocator.DEFAULT, request.message());
		try {
			this.outlet.send(connection, new GenericMessage<>(frame, SharedHeaders.NONE));
		}
		finally {
			frame.release();
		}
		if (this.settings.isUntilClose()) {
			connection.endOutput();
		}
	}

	/**
	 * Receives the frames that one read of a connection brought. Called on the
	 * connection's event loop, by the client's flow or by the connection itself.
	 */
	void received(Message<?> message) {
		if (message.getPayload() instanceof Frames frames
				&& message.getHeaders().get(IpHeaders.CONNECTION_ID) instanceof String id) {
			Pooled pooled = this.exchanges.get(id);
			if (pooled != null) {
				pooled.exchange().received(frames);
			}
		}
	}

	private void ended(NettyTcpConnection connection) {
		Pooled pooled = this.exchanges.remove(connection.getConnectionId());
		if (pooled != null) {
			pooled.exchange().ended();
			pooled.slot().ended(pooled.exchange());
		}
	}

	/**
	 * How a message gets to its connection.
	 */
	@FunctionalInterface
	interface Outlet {

		/**
		 * Sends a message. Called on the connection's event loop.
		 */
		void send(NettyTcpConnection connection, Message<?> message);

	}

	/**
	 * A connection's exchange and its slot in the pool.
	 *
	 * @param exchange the exchange
	 * @param slot the slot
	 */
	private record Pooled(TcpExchange exchange, ConnectionSlot slot) {
	}

}
