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
 * mapper's, but without id and timestamp, which each message would need anew. They know
 * their connection, so that an answer needs no look into a map.
 */
final class ConnectionHeaders extends SharedHeaders {

	private static final long serialVersionUID = 1L;

	private final transient ChannelConnectionSupport connection;

	ConnectionHeaders(ChannelConnectionSupport connection, InetSocketAddress source, InetAddress localAddress) {
		super(headers(connection.getConnectionId(), source, localAddress));
		this.connection = connection;
	}

	ChannelConnectionSupport connection() {
		return this.connection;
	}

	/**
	 * The stock inbound adapter asks for the connection's id after each message.
	 */
	@Override
	public @Nullable Object get(Object key) {
		return (key == IpHeaders.CONNECTION_ID) ? this.connection.getConnectionId() : super.get(key);
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
