package dev.socketecho.client;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.UdpClientSockets;
import io.netty.buffer.ByteBuf;

import org.springframework.messaging.Message;

/**
 * An echo client over UDP, with one socket.
 */
public final class UdpEchoClient implements EchoClient {

	private final UdpEchoClientSettings settings;

	private final UdpClientSockets sockets;

	private final ClientRecorder recorder;

	private final RequestTracker tracker;

	private final UdpSender sender;

	/**
	 * Creates a client, which opens its socket at the first message.
	 * @param settings what the client is
	 * @param eventLoops the event loops, which outlive the client
	 * @param recorder what is told of the traffic
	 */
	public UdpEchoClient(UdpEchoClientSettings settings, EventLoops eventLoops, ClientRecorder recorder) {
		this.settings = settings;
		this.recorder = recorder;
		this.sockets = new UdpClientSockets(settings.socket(), eventLoops, recorder);
		this.tracker = new RequestTracker(name(), settings.replyTimeout(), recorder);
		this.sender = new UdpSender(this.sockets, eventLoops.next(), settings.replyTimeout(), this.tracker);
	}

	/**
	 * Starts a client that has no flow.
	 * @return this client
	 */
	public UdpEchoClient startWithoutFlow() {
		this.sockets.receiveWith(this.sender::received);
		return this;
	}

	@Override
	public String name() {
		return this.settings.socket().name();
	}

	@Override
	public String transport() {
		return "udp";
	}

	@Override
	public String host() {
		return this.settings.socket().host();
	}

	@Override
	public int port() {
		return this.settings.socket().port();
	}

	@Override
	public CompletableFuture<EchoReply> send(byte[] message) {
		EchoRequest request = new EchoRequest(message.clone());
		if (message.length > this.settings.maxMessageSize()) {
			this.tracker.refuse(request, SocketError.MESSAGE_TOO_LONG, "message of %d bytes (expected: at most %d)"
				.formatted(message.length, this.settings.maxMessageSize()));
		}
		else if (message.length == 0) {
			// Netty drops empty datagrams without an error.
			this.tracker.refuse(request, SocketError.PROTOCOL_ERROR, "message is empty (expected: at least 1 byte)");
		}
		else if (this.tracker.admit(request)) {
			this.sender.add(request);
		}
		return request.reply();
	}

	@Override
	public CompletableFuture<Void> flush() {
		Outgoing.Flush flush = new Outgoing.Flush(new CompletableFuture<>());
		this.sender.add(flush);
		return flush.done();
	}

	@Override
	public void close() {
		this.sender.close();
	}

	/**
	 * Returns the client's settings.
	 * @return the settings
	 */
	public UdpEchoClientSettings settings() {
		return this.settings;
	}

	/**
	 * Returns what is told of the traffic.
	 * @return the recorder
	 */
	public ClientRecorder recorder() {
		return this.recorder;
	}

	UdpClientSockets sockets() {
		return this.sockets;
	}

	/**
	 * Sends datagrams through a flow instead of straight to the socket.
	 */
	void sendThrough(UdpSender.Outlet flow) {
		this.sender.sendThrough(flow);
	}

	/**
	 * Receives a datagram from the flow. Called on the event loop.
	 */
	void received(Message<?> message) {
		this.sender.received((ByteBuf) message.getPayload());
	}

}
