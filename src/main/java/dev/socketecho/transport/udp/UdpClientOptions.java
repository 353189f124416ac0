package dev.socketecho.transport.udp;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/**
 * Options of a UDP client's sockets. An option that is {@code null} is left to the
 * operating system.
 *
 * @param reuseAddress whether a fixed local port can be bound while another socket has it
 * @param receiveBufferSize the size of the kernel's receive buffer, in bytes
 * @param sendBufferSize the size of the kernel's send buffer, in bytes
 * @param trafficClass the traffic class in the IP header, 0 to 255
 */
public record UdpClientOptions(boolean reuseAddress, @Nullable Integer receiveBufferSize,
		@Nullable Integer sendBufferSize, @Nullable Integer trafficClass) {

	/**
	 * The defaults of this service.
	 */
	public static final UdpClientOptions DEFAULTS = new UdpClientOptions(true, null, null, null);

	/**
	 * Sets the options. The address is reused only if the local port is fixed: otherwise
	 * the kernel could choose a port that another socket has.
	 * @param bootstrap the bootstrap of a socket
	 * @param fixedLocalPort whether the local port is fixed
	 */
	void apply(Bootstrap bootstrap, boolean fixedLocalPort) {
		bootstrap.option(ChannelOption.SO_RCVBUF, this.receiveBufferSize)
			.option(ChannelOption.SO_SNDBUF, this.sendBufferSize)
			.option(ChannelOption.IP_TOS, this.trafficClass);
		if (fixedLocalPort) {
			bootstrap.option(ChannelOption.SO_REUSEADDR, this.reuseAddress);
		}
	}

}
