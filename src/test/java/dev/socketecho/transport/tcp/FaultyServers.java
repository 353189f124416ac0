package dev.socketecho.transport.tcp;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Faults;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.loop.TransportType;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Servers with faults, for the tests of them.
 */
final class FaultyServers {

	private FaultyServers() {
	}

	static TestServer start(Framing framing, TransportType transport) {
		return TestServer.start(framing, (spec) -> spec.transport = transport);
	}

	static TestServer startTls(TransportType transport) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		ServerTls tls = new ServerTls(certificates.material(certificates.server), ClientAuthentication.NONE);
		return TestServer.start(Framing.LINE, (spec) -> {
			spec.transport = transport;
			spec.tls = tls;
		});
	}

	static SSLSocket connectTls(TestServer server) throws Exception {
		SSLSocket socket = (SSLSocket) TestCertificates.INSTANCE.clientContext(null)
			.getSocketFactory()
			.createSocket("127.0.0.1", server.factory.getPort());
		socket.setSoTimeout(10_000);
		return socket;
	}

	static void set(TestServer server, Fault... faults) {
		server.factory.setFaults(server.factory.faults().replacedBy(List.of(faults)))
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
	}

	/**
	 * A fault of what all connections are sent.
	 */
	static Fault outbound(FaultEffect effect) {
		return Faults.connections("outbound", Fault.Direction.OUTBOUND, effect);
	}

	/**
	 * A fault of what all connections send.
	 */
	static Fault inbound(FaultEffect effect) {
		return Faults.connections("inbound", Fault.Direction.INBOUND, effect);
	}

	/**
	 * A fault of every n-th message that a connection is sent.
	 */
	static Fault messages(FaultEffect effect, long every) {
		return Faults.messages("messages", Fault.Direction.OUTBOUND, effect, every);
	}

	/**
	 * Checks that the next thing that comes is RST.
	 */
	static void assertReset(TestClient client) {
		assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> client.readBytes(1))
			.withStackTraceContaining("reset");
	}

}
