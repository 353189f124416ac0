package dev.socketecho.soak;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.codec.Framing;
import dev.socketecho.soak.HonestTcp.Manner;
import dev.socketecho.testing.CertificateFiles;
import dev.socketecho.testing.TestCertificates;

import javax.net.ssl.SSLContext;

/**
 * The servers of a soak and who calls them.
 */
final class Roster {

	/** TCP servers that echo. */
	static final List<String> ECHOING = List.of("stream", "line", "message", "frames", "stx", "tls", "proxy", "limited",
			"idle", "websocket", "calm-stream", "calm-line", "calm-frames", "calm-stx", "calm-tls", "calm-proxy", "calm-mutual",
			"calm-patient", "calm-websocket", HostileEnd.PATIENT, HostileEnd.STRICT);

	/** Clients of each calm server. */
	static final int CALM_CLIENTS = 6;

	private Roster() {
	}

	static List<String> properties(Path directory) throws Exception {
		TestCertificates certificates = TestCertificates.INSTANCE;
		List<String> properties = new ArrayList<>(
				new CertificateFiles(directory).pem("soak", certificates.server, certificates.authority));
		for (String server : ECHOING) {
			properties.add("echo.tcp.servers." + server + ".port=0");
		}
		for (String server : ClockJump.SERVERS) {
			properties.add("echo.tcp.servers." + server + ".port=0");
		}
		for (String server : List.of(ClockJump.MUTUAL, "calm-mutual")) {
			properties.addAll(List.of("echo.tcp.servers." + server + ".framing=line",
					"echo.tcp.servers." + server + ".ssl.bundle=soak",
					"echo.tcp.servers." + server + ".ssl.client-auth=need"));
		}
		for (String server : Faulty.TCP) {
			properties.add("echo.tcp.servers." + server + ".port=0");
		}
		properties.addAll(HostileEnd.properties());
		properties.addAll(Faulty.properties());
		properties.addAll(List.of("management.endpoint.connections.access=unrestricted",
				"management.endpoint.echo.access=unrestricted"));
		properties.addAll(List.of("echo.tcp.servers.denied.port=0", "echo.tcp.servers.denied.deny=0.0.0.0/0",
				"echo.tcp.servers.calm-patient.framing=line", "echo.tcp.servers.calm-patient.idle-timeout=30s"));
		properties.addAll(List.of("echo.udp.servers.calm-datagram.port=0", "echo.tcp.servers.frames.framing=length-4",
				"echo.tcp.servers.frames.max-message-size=64KB", "echo.tcp.servers.stx.framing=stx-etx",
				"echo.tcp.servers.tls.framing=line", "echo.tcp.servers.tls.ssl.bundle=soak",
				"echo.tcp.servers.proxy.framing=line", "echo.tcp.servers.proxy.proxy-protocol=true",
				"echo.tcp.servers.limited.max-connections=50", "echo.tcp.servers.limited.max-accepts-per-second=400",
				"echo.tcp.servers.idle.idle-timeout=2s", "echo.tcp.servers.calm-line.framing=line",
				"echo.tcp.servers.calm-frames.framing=length-4", "echo.tcp.servers.calm-stx.framing=stx-etx",
				"echo.tcp.servers.calm-tls.framing=line", "echo.tcp.servers.calm-tls.ssl.bundle=soak",
				"echo.tcp.servers.calm-proxy.framing=line", "echo.tcp.servers.calm-proxy.proxy-protocol=true",
				"echo.tcp.servers.websocket.framing=websocket", "echo.tcp.servers.calm-websocket.framing=websocket"));
		return properties;
	}

	static void admit(Crowd crowd, Subject subject, HostileUdp udpFlood) throws Exception {
		honest(subject).forEach((client) -> crowd.add(client, client.server().startsWith("calm-") ? CALM_CLIENTS : 2));
		crowd.add(new HonestHttp(subject), 1);
		crowd.add(new HonestEcho(subject), 1);
		for (Hostile client : HostileTcp.values()) {
			crowd.add(client, 2);
		}
		for (Hostile client : HostileEnd.values()) {
			crowd.add(client, 2);
		}
		for (Hostile client : HostileHttp.values()) {
			crowd.add(client, 1);
		}
		crowd.add(HostileTcp.SLOW_WRITER, CALM_CLIENTS);
		crowd.add(HostileTcp.SLOW_READER, CALM_CLIENTS);
		crowd.add(HostileTcp.SILENT, CALM_CLIENTS);
		crowd.add(udpFlood, 1);
	}

	static List<Honest> honest(Subject subject) throws Exception {
		List<Honest> clients = new ArrayList<>();
		SSLContext tls = TestCertificates.INSTANCE.clientContext(null);
		for (String prefix : List.of("", "calm-")) {
			clients.add(tcp(subject, prefix + "stream", Framing.NONE, Manner.ECHO));
			clients.add(tcp(subject, prefix + "line", Framing.LINE, Manner.ECHO));
			clients.add(tcp(subject, prefix + "frames", Framing.LENGTH_4, Manner.ECHO));
			clients.add(tcp(subject, prefix + "stx", Framing.STX_ETX, Manner.ECHO));
			clients.add(tcp(subject, prefix + "proxy", Framing.LINE, Manner.PROXY));
			clients.add(new HonestWebSocket(prefix + "websocket", subject.port(prefix + "websocket")));
			clients.add(new HonestTcp(prefix + "tls", subject.port(prefix + "tls"), Framing.LINE, Manner.ECHO, tls));
		}
		SSLContext mutual = TestCertificates.INSTANCE.clientContext(TestCertificates.INSTANCE.client);
		// Sessions are resumed for a second at most, so that certificates are checked
		mutual.getClientSessionContext().setSessionTimeout(1);
		clients.add(new HonestTcp("calm-mutual", subject.port("calm-mutual"), Framing.LINE, Manner.ECHO, mutual));
		clients.add(tcp(subject, "calm-patient", Framing.LINE, Manner.PATIENT));
		clients.add(tcp(subject, "message", Framing.DELIMITER, Manner.ONE_MESSAGE));
		clients.add(tcp(subject, "collect", Framing.UNTIL_CLOSE, Manner.COLLECT));
		clients.add(new HonestUdp("calm-datagram", subject.port("calm-datagram")));
		return clients;
	}

	private static Honest tcp(Subject subject, String server, Framing framing, Manner manner) {
		return new HonestTcp(server, subject.port(server), framing, manner, null);
	}

}
