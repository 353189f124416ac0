package dev.socketecho.transport.loop;

import io.netty.channel.ChannelOption;
import org.jspecify.annotations.Nullable;

/**
 * Options of the sockets of TCP servers and clients. An option that is {@code null} is
 * left to the operating system.
 *
 * @param tcpNoDelay whether small segments are sent at once, without Nagle's algorithm
 * (RFC 896)
 * @param keepAlive whether idle connections are probed (RFC 9293, 3.8.4)
 * @param reuseAddress whether a port can be bound while connections of an earlier process
 * are in TIME-WAIT
 * @param reusePort whether several sockets can listen on the port
 * @param lingerSeconds how long a close waits for unsent bytes, in seconds; 0 resets the
 * connection
 * @param receiveBufferSize the size of the kernel's receive buffer, in bytes
 * @param sendBufferSize the size of the kernel's send buffer, in bytes
 * @param trafficClass the traffic class in the IP header, 0 to 255
 */
public record SocketOptions(boolean tcpNoDelay, boolean keepAlive, boolean reuseAddress, boolean reusePort,
		@Nullable Integer lingerSeconds, @Nullable Integer receiveBufferSize, @Nullable Integer sendBufferSize,
		@Nullable Integer trafficClass) {

	/**
	 * The defaults of this service.
	 */
	public static final SocketOptions DEFAULTS = new SocketOptions(true, true, true, false, null, null, null, null);

	/**
	 * Sets the options of one connection.
	 * @param setter sets them on a bootstrap
	 */
	public void forConnection(OptionSetter setter) {
		if (!this.tcpNoDelay) {
			// Netty turns it on for every socket that it opens.
			setter.set(ChannelOption.TCP_NODELAY, false);
		}
		setter.set(ChannelOption.SO_KEEPALIVE, this.keepAlive);
		setter.set(ChannelOption.SO_LINGER, this.lingerSeconds);
		setter.set(ChannelOption.SO_SNDBUF, this.sendBufferSize);
		setter.set(ChannelOption.IP_TOS, this.trafficClass);
	}

	/**
	 * Sets the options of a TCP client's socket. The address is reused only if the local
	 * port is fixed: otherwise the kernel could choose a port in TIME-WAIT.
	 * @param setter sets them on a bootstrap
	 * @param fixedLocalPort whether the local port is fixed
	 */
	public void forClient(OptionSetter setter, boolean fixedLocalPort) {
		forConnection(setter);
		setter.set(ChannelOption.SO_RCVBUF, this.receiveBufferSize);
		if (fixedLocalPort) {
			setter.set(ChannelOption.SO_REUSEADDR, this.reuseAddress);
		}
	}

	/**
	 * Sets the options of a listening socket. The receive buffer is one of them, because
	 * the window scale is agreed before a connection is accepted.
	 * @param setter sets them on a bootstrap
	 * @param reusePortOption the transport's name for {@code SO_REUSEPORT}
	 */
	public void forListener(OptionSetter setter, ChannelOption<Boolean> reusePortOption) {
		setter.set(ChannelOption.SO_REUSEADDR, this.reuseAddress);
		setter.set(ChannelOption.SO_RCVBUF, this.receiveBufferSize);
		if (this.reusePort) {
			setter.set(reusePortOption, Boolean.TRUE);
		}
	}

	/**
	 * The method {@code option} or {@code childOption} of a bootstrap.
	 */
	@FunctionalInterface
	public interface OptionSetter {

		/**
		 * Sets an option, or leaves it as it is if the value is {@code null}.
		 * @param option the option
		 * @param value its value
		 * @param <T> the type of its value
		 */
		<T> void set(ChannelOption<T> option, @Nullable T value);

	}

}
