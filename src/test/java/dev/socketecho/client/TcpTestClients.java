package dev.socketecho.client;

import java.util.ArrayList;
import java.util.List;

import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;

/**
 * The TCP clients of one test, with their event loops and one recorder.
 */
final class TcpTestClients implements AutoCloseable {

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
		this.clients.add(client);
		return client;
	}

	@Override
	public void close() {
		this.clients.forEach(TcpEchoClient::close);
		this.clients.forEach((client) -> client.connectionFactory().stop());
		this.eventLoops.close();
	}

}
