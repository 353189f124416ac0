package dev.socketecho.transport.loop;

import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/**
 * Options of TCP sockets. What is {@code null} is left to the operating system.
 *
 * @param tcpNoDelay sends at once instead of gathering small segments (RFC 896)
 * @param keepAlive probes idle connections (RFC 9293, 3.8.4)
 * @param reuseAddress binds although connections of an earlier process linger
 * @param reusePort lets several sockets listen on the port
 * @param lingerSeconds how long a close waits for unsent bytes, in seconds; 0 resets
 * @param receiveBufferSize bytes that the kernel holds for the reader
 * @param sendBufferSize bytes that the kernel holds for the peer
 * @param trafficClass the IP header's traffic class, 0 to 255
 */
public record SocketOptions(boolean tcpNoDelay, boolean keepAlive, boolean reuseAddress, boolean reusePort,
		@Nullable Integer lingerSeconds, @Nullable Integer receiveBufferSize, @Nullable Integer sendBufferSize,
		@Nullable Integer trafficClass) {

	/**
	 * Options with the defaults of this service.
	 */
	public static final SocketOptions DEFAULTS = new SocketOptions(true, true, true, false, null, null, null, null);

	/**
	 * Hands the options of one connection to a bootstrap.
	 */
	public void forConnection(OptionSetter setter) {
		if (!this.tcpNoDelay) {
			// Netty turns it on for every socket that it makes.
			setter.set(ChannelOption.TCP_NODELAY, false);
		}
		setter.set(ChannelOption.SO_KEEPALIVE, this.keepAlive);
		setter.set(ChannelOption.SO_LINGER, this.lingerSeconds);
		setter.set(ChannelOption.SO_SNDBUF, this.sendBufferSize);
		setter.set(ChannelOption.IP_TOS, this.trafficClass);
	}

	/**
	 * Hands the options of a client's socket to a bootstrap. The address is reused only
	 * where the port is chosen: otherwise the kernel could hand out one that lingers.
	 */
	public void forClient(OptionSetter setter, boolean fixedLocalPort) {
		forConnection(setter);
		setter.set(ChannelOption.SO_RCVBUF, this.receiveBufferSize);
		if (fixedLocalPort) {
			setter.set(ChannelOption.SO_REUSEADDR, this.reuseAddress);
		}
	}

	/**
	 * Hands those options of a client's UDP socket to a bootstrap that UDP has.
	 */
	public void forDatagrams(OptionSetter setter, boolean fixedLocalPort) {
		setter.set(ChannelOption.SO_RCVBUF, this.receiveBufferSize);
		setter.set(ChannelOption.SO_SNDBUF, this.sendBufferSize);
		setter.set(ChannelOption.IP_TOS, this.trafficClass);
		if (fixedLocalPort) {
			setter.set(ChannelOption.SO_REUSEADDR, this.reuseAddress);
		}
	}

	/**
	 * Hands the options of a listening socket to a bootstrap. The receive buffer is among
	 * them since the window scale is agreed before a connection is accepted.
	 */
	public void forListener(OptionSetter setter, ChannelOption<Boolean> reusePortOption) {
		setter.set(ChannelOption.SO_REUSEADDR, this.reuseAddress);
		setter.set(ChannelOption.SO_RCVBUF, this.receiveBufferSize);
		if (this.reusePort) {
			setter.set(reusePortOption, Boolean.TRUE);
		}
	}

	/**
	 * The {@code option} or {@code childOption} method of a bootstrap.
	 */
	@FunctionalInterface
	public interface OptionSetter {

		/**
		 * Sets an option, or leaves it if the value is {@code null}.
		 */
		<T> void set(ChannelOption<T> option, @Nullable T value);

	}

}
