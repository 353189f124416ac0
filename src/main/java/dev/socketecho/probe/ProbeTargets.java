package dev.socketecho.probe;

import java.time.Duration;

import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.client.UdpEchoClientSettings;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.TcpClientSettings;
import dev.socketecho.transport.udp.UdpClientSettings;

/**
 * Targets that are not configured as clients: hosts and ports. Their sockets' traffic is
 * not recorded.
 */
public final class ProbeTargets {

	private static final int MAX_MESSAGE_SIZE = 1024 * 1024;

	private ProbeTargets() {
	}

	/**
	 * A TCP server that echoes every byte (RFC 862).
	 * @param name the name in logs
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param timeout how long a connection or a reply may take
	 * @return the target
	 */
	public static ProbeTarget tcpStream(String name, String host, int port, Duration timeout) {
		return tcp(name, host, port, timeout, Framing.NONE);
	}

	/**
	 * A TCP server that echoes every line.
	 * @param name the name in logs
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param timeout how long a connection or a reply may take
	 * @return the target
	 */
	public static ProbeTarget tcpLine(String name, String host, int port, Duration timeout) {
		return tcp(name, host, port, timeout, Framing.LINE);
	}

	/**
	 * A UDP server that echoes every datagram (RFC 862).
	 * @param name the name in logs
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param timeout how long the lookup of the host or a reply may take
	 * @return the target
	 */
	public static ProbeTarget udp(String name, String host, int port, Duration timeout) {
		UdpClientSettings socket = new UdpClientSettings(name, host, port, timeout, null, 0, SocketOptions.DEFAULTS);
		return new ProbeTarget.Udp(new UdpEchoClientSettings(socket, timeout, MAX_MESSAGE_SIZE), ClientRecorder.none());
	}

	/**
	 * The server of a client at another host and port.
	 * @param target a client's target
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @return the target
	 */
	public static ProbeTarget at(ProbeTarget target, String host, int port) {
		return switch (target) {
			case ProbeTarget.Tcp tcp ->
				new ProbeTarget.Tcp(new TcpEchoClientSettings(tcp.settings().connection().at(host, port),
						tcp.settings().replyTimeout(), 1, tcp.settings().closeAfterReply()), tcp.recorder());
			case ProbeTarget.Udp udp -> {
				UdpClientSettings old = udp.settings().socket();
				yield new ProbeTarget.Udp(new UdpEchoClientSettings(
						new UdpClientSettings(old.name(), host, port, old.lookupTimeout(), old.localAddress(),
								old.localPort(), old.options()),
						udp.settings().replyTimeout(), udp.settings().maxMessageSize()), udp.recorder());
			}
		};
	}

	private static ProbeTarget tcp(String name, String host, int port, Duration timeout, Framing framing) {
		TcpClientSettings connection = new TcpClientSettings(name, host, port,
				new FramingSpec(framing, null, MAX_MESSAGE_SIZE, false), timeout, null, 0, SocketOptions.DEFAULTS);
		return new ProbeTarget.Tcp(new TcpEchoClientSettings(connection, timeout, 1, false), ClientRecorder.none());
	}

}
