package dev.socketecho.transport.udp.socket;

import org.jspecify.annotations.Nullable;

/**
 * Options of a UDP server's sockets. An option that is {@code null} is left to the
 * operating system.
 *
 * @param reuseAddress whether sockets of other processes may bind the same address and
 * port; the last of them then gets all datagrams that are sent to one address
 * @param reusePort whether each event loop gets a socket of its own on the port; the
 * kernel distributes the senders over them
 * @param receiveBufferSize the size of the kernel's receive buffer, in bytes
 * @param sendBufferSize the size of the kernel's send buffer, in bytes
 * @param trafficClass the traffic class in the IP header, 0 to 255
 * @param segmentation whether the kernel may get several datagrams in one piece, which it
 * cuts into datagrams; it has an effect on Linux only
 */
public record UdpSocketOptions(boolean reuseAddress, boolean reusePort, @Nullable Integer receiveBufferSize,
		@Nullable Integer sendBufferSize, @Nullable Integer trafficClass, boolean segmentation) {

	/**
	 * The defaults of this service.
	 */
	public static final UdpSocketOptions DEFAULTS = new UdpSocketOptions(false, false, null, null, null, false);

}
