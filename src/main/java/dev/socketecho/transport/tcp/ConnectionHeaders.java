package dev.socketecho.transport.tcp;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

import dev.socketecho.transport.loop.SharedHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.IpHeaders;

/**
 * The headers that all messages of one connection share, made when it opens: the stock
 * mapper's, but without id and timestamp, which each message would need anew.
 */
final class ConnectionHeaders extends SharedHeaders {

	private static final long serialVersionUID = 1L;

	private final String connectionId;

	ConnectionHeaders(String connectionId, InetSocketAddress source, InetAddress localAddress) {
		super(headers(connectionId, source, localAddress));
		this.connectionId = connectionId;
	}

	/**
	 * The stock outbound adapter asks for the connection of each message. With many
	 * connections the map would not be in the processor's caches.
	 */
	@Override
	public <T> @Nullable T get(Object key, Class<T> type) {
		return (key == IpHeaders.CONNECTION_ID && type == String.class) ? type.cast(this.connectionId)
				: super.get(key, type);
	}

	private static Map<String, Object> headers(String connectionId, InetSocketAddress source,
			InetAddress localAddress) {
		String address = source.getAddress().getHostAddress();
		Map<String, Object> headers = HashMap.newHashMap(5);
		headers.put(IpHeaders.CONNECTION_ID, connectionId);
		headers.put(IpHeaders.HOSTNAME, address);
		headers.put(IpHeaders.IP_ADDRESS, address);
		headers.put(IpHeaders.REMOTE_PORT, source.getPort());
		headers.put(IpHeaders.LOCAL_ADDRESS, localAddress);
		return headers;
	}

}
