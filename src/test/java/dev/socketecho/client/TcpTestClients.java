package dev.socketecho.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;

/**
 * The TCP clients of one test, with their event loops and one recorder.
 */
final class TcpTestClients implements AutoCloseable {

	private static final Duration LONG = Duration.ofSeconds(30);

	final ClientRecording recording = new ClientRecording();

	private final List<TcpEchoClient> clients = new ArrayList<>();

	private EventLoops eventLoops = new EventLoops(TransportType.AUTO, 2, "test");

	/**
	 * Chooses the transport, before the first client starts.
	 */
	void use(TransportType type) {
		this.eventLoops.close();
		this.eventLoops = new EventLoops(type, 2, "test");
	}

	EventLoops eventLoops() {
		return this.eventLoops;
	}

	/**
	 * Starts a client without a flow, whose requests are its sends.
	 */
	TcpEchoClient start(TcpEchoClientSettings settings) {
		TcpEchoClient client = new TcpEchoClient(settings, this.eventLoops, this.recording).startWithoutFlow();
		client.connectionFactory().setApplicationEventPublisher((event) -> {
		});
		this.clients.add(client);
		return client;
	}

	/**
	 * Starts a client of a server on this host, with one connection.
	 */
	TcpEchoClient start(int port, Framing framing) {
		return start(settings(port, framing, LONG, LONG, 1, false));
	}

	static TcpEchoClientSettings settings(int port, Framing framing, Duration connectTimeout, Duration replyTimeout,
			int poolSize, boolean closeAfterReply) {
		FramingSpec spec = new FramingSpec(framing, (framing == Framing.DELIMITER) ? "<EOF>" : null, 1024 * 1024,
				false);
		return new TcpEchoClientSettings(
				new TcpClientSettings("test", "127.0.0.1", port, spec, connectTimeout, null, 0, SocketOptions.DEFAULTS),
				replyTimeout, poolSize, closeAfterReply);
	}

	@Override
	public void close() {
		this.clients.forEach(TcpEchoClient::close);
		this.clients.forEach((client) -> client.connectionFactory().stop());
		this.eventLoops.close();
	}

}
