package dev.socketecho.probe;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.TcpEchoClient;
import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.client.UdpEchoClient;
import dev.socketecho.client.UdpEchoClientSettings;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.transport.loop.EventLoops;

/**
 * What is probed, and how.
 */
public sealed interface ProbeTarget {

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
	 * Makes a target of a client: it is probed as the client would send, on sockets of
	 * the probe's own, and the client's meters count.
	 * @param client a configured client
	 * @return the target
	 */
	static ProbeTarget of(EchoClient client) {
		return switch (client) {
			case TcpEchoClient tcp -> new Tcp(tcp.settings(), tcp.recorder());
			case UdpEchoClient udp -> new Udp(udp.settings(), udp.recorder());
			default -> throw new IllegalArgumentException("not a configured client: " + client);
		};
	}

	/**
	 * Over TCP.
	 *
	 * @param settings what is probed
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

	}

	/**
	 * Over UDP.
	 *
	 * @param settings what is probed
	 * @param recorder what is told of the sockets' traffic
	 */
	record Udp(UdpEchoClientSettings settings, ClientRecorder recorder) implements ProbeTarget {

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

	}

}
