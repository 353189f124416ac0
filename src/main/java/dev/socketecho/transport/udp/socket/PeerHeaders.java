package dev.socketecho.transport.udp.socket;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

import dev.socketecho.transport.loop.SharedHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.IpHeaders;

/**
 * The message headers that all datagrams of one {@link Peer} share. They are those of
 * Spring Integration's {@code DatagramPacketMessageMapper}, without id and timestamp,
 * which would have to be new for every datagram.
 */
final class PeerHeaders extends SharedHeaders {

	private static final long serialVersionUID = 1L;

	PeerHeaders(InetSocketAddress sender, @Nullable InetAddress local) {
		super(headers(sender, local));
	}

	private static Map<String, Object> headers(InetSocketAddress sender, @Nullable InetAddress local) {
		String address = sender.getAddress().getHostAddress();
		Map<String, Object> headers = HashMap.newHashMap(5);
		// The address instead of a name: a reverse lookup would block the event loop, and
		// anybody can forge a source address.
		headers.put(IpHeaders.HOSTNAME, address);
		headers.put(IpHeaders.IP_ADDRESS, address);
		headers.put(IpHeaders.PORT, sender.getPort());
		headers.put(IpHeaders.PACKET_ADDRESS, sender);
		if (local != null) {
			headers.put(IpHeaders.LOCAL_ADDRESS, local);
		}
		return headers;
	}

}
