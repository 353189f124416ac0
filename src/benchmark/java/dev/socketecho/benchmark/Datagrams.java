package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import dev.socketecho.stamp.StampKey;
import dev.socketecho.stamp.StampSender;
import org.jspecify.annotations.Nullable;

/**
 * The rows of the table for UDP: echo servers, then the service's reflectors of STAMP
 * beside its echo, with packets of the same length. A load's connections are sockets of
 * the client.
 */
final class Datagrams {

	/**
	 * The key of the authenticated reflector.
	 */
	static final String KEY = "key of the benchmark";

	static final String ECHO = "udp";

	static final String STATELESS = "stamp";

	static final String STATEFUL = "stamp stateful";

	static final String AUTHENTICATED = "stamp authenticated";

	/**
	 * The buffer of the server's socket has to hold all that is under way.
	 */
	private static final List<Load> LOADS = List.of(new Load(64, 64, 1), new Load(1, 64, 64));

	private final Servers servers;

	private final ClientProgram client;

	private final List<Row> rows = new ArrayList<>();

	private Datagrams(Servers servers, ClientProgram client) {
		this.servers = servers;
		this.client = client;
	}

	/**
	 * The rows of those servers that run. Without a C compiler there are none.
	 */
	static List<Row> rows(Servers servers) throws IOException, InterruptedException {
		ClientProgram client = ClientProgram.compile("datagrams.c");
		if (client == null) {
			return List.of();
		}
		Datagrams datagrams = new Datagrams(servers, client);
		for (Load load : LOADS) {
			byte[] message = Wire.message(load, 0);
			servers.forEach((peer, framing) -> datagrams.add(load, message, peer, framing, ECHO));
		}
		datagrams.stamp(null, STATELESS, STATEFUL);
		datagrams.stamp(new StampKey(KEY), AUTHENTICATED);
		return datagrams.rows;
	}

	private void stamp(@Nullable StampKey key, String... reflectors) {
		byte[] packet = new StampSender(key, false).packet(1, 0, 0, false, 0);
		Load load = new Load(1, packet.length, 64);
		this.servers.forEach((peer, framing) -> {
			if (peer.ports().containsKey(reflectors[0])) {
				add(load, packet, peer, framing, ECHO);
			}
		});
		for (String reflector : reflectors) {
			this.servers.forEach((peer, framing) -> add(load, packet, peer, framing, reflector));
		}
	}

	private void add(Load load, byte[] datagram, RunningPeer peer, String framing, String wanted) {
		if (framing.equals(wanted)) {
			String check = framing.equals(ECHO) ? "echo" : "stamp";
			this.rows.add(new Row(load, peer, framing, (seconds) -> this.client.run(peer, framing, load.connections(),
					load.outstanding(), seconds, file(datagram), check)));
		}
	}

	private static Path file(byte[] datagram) throws IOException {
		Path file = Commands.work().resolve("datagram-%d.bin".formatted(datagram.length));
		return Files.write(file, datagram);
	}

}
