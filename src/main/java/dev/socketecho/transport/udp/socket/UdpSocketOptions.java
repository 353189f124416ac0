package dev.socketecho.transport.udp.socket;

import org.jspecify.annotations.Nullable;

/**
 * Options of UDP sockets. What is {@code null} is left to the operating system.
 *
 * @param reuseAddress lets sockets of other processes bind the same address and port; of
 * a datagram to one address only the last of them gets it
 * @param reusePort opens a socket per event loop on the port; the kernel spreads the
 * senders over them
 * @param receiveBufferSize bytes that the kernel holds for the reader
 * @param sendBufferSize bytes that the kernel holds for the network
 * @param trafficClass the IP header's traffic class, 0 to 255
 */
public record UdpSocketOptions(boolean reuseAddress, boolean reusePort, @Nullable Integer receiveBufferSize,
		@Nullable Integer sendBufferSize, @Nullable Integer trafficClass) {

	/**
	 * Options with the defaults of this service.
	 */
	public static final UdpSocketOptions DEFAULTS = new UdpSocketOptions(false, false, null, null, null);

}
