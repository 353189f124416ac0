package dev.socketecho.probe;

import java.time.Duration;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.TcpEchoClient;
import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.client.UdpEchoClient;
import dev.socketecho.client.UdpEchoClientSettings;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import dev.socketecho.transport.udp.UdpClientOptions;
import dev.socketecho.transport.udp.UdpClientSettings;

/**
 * What is probed, and how: the target of a configured client, or just a host and port. A
 * configured probe has one target; {@link ProbeHandler} makes one for each request.
 */
public sealed interface ProbeTarget {

	/**
	 * The longest message for a target without a client, in bytes.
	 */
	int MAX_MESSAGE_SIZE = 1024 * 1024;

	/**
	 * Creates a prober.
	 * @param eventLoops the event loops, which outlive the prober
	 * @return a new prober
	 */
	Prober prober(EventLoops eventLoops);

	/**
	 * Returns the transport.
	 * @return {@code tcp} or {@code udp}
	 */
	String transport();

	/**
	 * Returns the host.
	 * @return an IP literal or a host name
	 */
	String host();

	/**
	 * Returns the port.
	 * @return 1 to 65535
	 */
	int port();

	/**
	 * Returns the same target at another host and port.
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @return the target
	 */
	ProbeTarget at(String host, int port);

	/**
	 * Returns the target of a configured client. The probe sends what the client would
	 * send, on sockets of its own, and its traffic counts in the client's meters.
	 * @param client the client
	 * @return the target
	 */
	static ProbeTarget of(EchoClient client) {
		return switch (client) {
			case TcpEchoClient tcp -> new Tcp(tcp.settings(), tcp.recorder());
			case UdpEchoClient udp -> new Udp(udp.settings(), udp.recorder(), ProbeProtocol.ECHO);
		};
	}

	/**
	 * Returns a TCP server as a target. No meter counts the traffic of its sockets.
	 * @param name the name in logs
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param framing {@code NONE} if the server echoes every byte (RFC 862), {@code LINE}
	 * if it echoes every line
	 * @param timeout how long a connection or a reply may take
	 * @return the target
	 */
	static ProbeTarget tcp(String name, String host, int port, Framing framing, Duration timeout) {
		TcpClientSettings connection = new TcpClientSettings(name, host, port,
				new FramingSpec(framing, null, MAX_MESSAGE_SIZE, false), timeout, null, 0, SocketOptions.DEFAULTS);
		return new Tcp(new TcpEchoClientSettings(connection, timeout, 1, false), ClientRecorder.none());
	}

	/**
	 * Returns a UDP server that echoes every datagram (RFC 862) as a target. No meter
	 * counts the traffic of its sockets.
	 * @param name the name in logs
	 * @param host an IP literal or a host name
	 * @param port 1 to 65535
	 * @param timeout how long the lookup of the host or a reply may take
	 * @return the target
	 */
	static ProbeTarget udp(String name, String host, int port, Duration timeout) {
		UdpClientSettings socket = new UdpClientSettings(name, host, port, timeout, null, 0, UdpClientOptions.DEFAULTS);
		return new Udp(new UdpEchoClientSettings(socket, timeout, MAX_MESSAGE_SIZE), ClientRecorder.none(),
				ProbeProtocol.ECHO);
	}

	/**
	 * A target over TCP.
	 *
	 * @param settings how a client of the target sends
	 * @param recorder what is told of the sockets' traffic
	 */
	record Tcp(TcpEchoClientSettings settings, ClientRecorder recorder) implements ProbeTarget {

		@Override
		public Prober prober(EventLoops eventLoops) {
			return new TcpProber(this, eventLoops);
		}

		@Override
		public String transport() {
			return "tcp";
		}

		@Override
		public String host() {
			return this.settings.connection().host();
		}

		@Override
		public int port() {
			return this.settings.connection().port();
		}

		@Override
		public Tcp at(String host, int port) {
			return new Tcp(new TcpEchoClientSettings(this.settings.connection().at(host, port),
					this.settings.replyTimeout(), 1, this.settings.closeAfterReply()), this.recorder);
		}

		/**
		 * Returns how a round's own connection is made: as a new caller would make it.
		 * @param timeout how long the connection, and each reply, may take
		 */
		TcpEchoClientSettings roundSettings(Duration timeout) {
			return new TcpEchoClientSettings(this.settings.connection().afresh(timeout), timeout, 1,
					this.settings.closeAfterReply());
		}

	}

	/**
	 * A target over UDP.
	 *
	 * @param settings how a client of the target sends
	 * @param recorder what is told of the sockets' traffic
	 * @param protocol what the target answers with
	 */
	record Udp(UdpEchoClientSettings settings, ClientRecorder recorder, ProbeProtocol protocol) implements ProbeTarget {

		@Override
		public Prober prober(EventLoops eventLoops) {
			return new UdpProber(this, eventLoops);
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
		public Udp at(String host, int port) {
			return new Udp(
					new UdpEchoClientSettings(socketSettings(host, port, this.settings.socket().localPort()),
							this.settings.replyTimeout(), this.settings.maxMessageSize()),
					this.recorder, this.protocol);
		}

		/**
		 * Returns the same target with another protocol.
		 * @param other what it answers with
		 * @return the target
		 */
		public Udp speaking(ProbeProtocol other) {
			return new Udp(this.settings, this.recorder, other);
		}

		/**
		 * Returns how the prober's own socket is opened: on any free port, since the
		 * client may have the configured one.
		 */
		UdpClientSettings proberSettings() {
			return socketSettings(host(), port(), 0);
		}

		private UdpClientSettings socketSettings(String host, int port, int localPort) {
			UdpClientSettings socket = this.settings.socket();
			return new UdpClientSettings(socket.name(), host, port, socket.lookupTimeout(), socket.localAddress(),
					localPort, socket.options());
		}

	}

}
