package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLSocket;

import dev.socketecho.codec.Framing;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultEffect;
import dev.socketecho.fault.Lateness;
import dev.socketecho.testing.TestCertificates;
import dev.socketecho.tls.ClientAuthentication;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.TransportType;

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

	static Fault fault(FaultEffect effect, Fault.Direction direction) {
		return new Fault("fault", effect, direction, Fault.Unit.CONNECTION, Fault.Selection.ALL);
	}

	static Fault inbound(FaultEffect effect) {
		return new Fault("inbound", effect, Fault.Direction.INBOUND, Fault.Unit.CONNECTION, Fault.Selection.ALL);
	}

	static Fault messages(FaultEffect effect, long every) {
		return new Fault("messages", effect, Fault.Direction.OUTBOUND, Fault.Unit.MESSAGE,
				new Fault.Selection(1, 0, every, null, SourceFilter.ALL, null));
	}

	static FaultEffect delay(Duration delay) {
		return new FaultEffect.Delay(new Lateness(delay, Duration.ZERO, Lateness.Distribution.UNIFORM));
	}

	static byte[] random(int length) {
		byte[] bytes = new byte[length];
		new Random(length).nextBytes(bytes);
		return bytes;
	}

}
