package dev.socketecho.transport.udp;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * The settings of a UDP client.
 *
 * @param name the client's name in logs and metrics
 * @param host an IP literal or a host name to send to
 * @param port 1 to 65535
 * @param lookupTimeout how long the lookup of the host may take, more than 0
 * @param localAddress an IP literal or a host name to send from, {@code null} to let the
 * kernel choose
 * @param localPort 0 to 65535; 0 for a free one
 * @param options socket options
 */
public record UdpClientSettings(String name, String host, int port, Duration lookupTimeout,
		@Nullable String localAddress, int localPort, UdpClientOptions options) {

	/**
	 * Returns the settings for further sockets of the same client: from any port, since
	 * the configured one may be taken. Load runs use them.
	 * @return the settings
	 */
	public UdpClientSettings fromAnyPort() {
		return new UdpClientSettings(this.name, this.host, this.port, this.lookupTimeout, this.localAddress, 0,
				this.options);
	}

}
