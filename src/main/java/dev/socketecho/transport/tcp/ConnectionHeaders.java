package dev.socketecho.transport.tcp;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

import dev.socketecho.transport.loop.SharedHeaders;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.tcp.connection.TcpConnection;

/**
 * The headers that all messages of one connection share: the stock mapper's, without id
 * and timestamp, which would have to be new for every message.
 */
final class ConnectionHeaders extends SharedHeaders {

	private static final long serialVersionUID = 1L;

	ConnectionHeaders(TcpConnection connection, InetAddress localAddress) {
		super(headers(connection, localAddress));
	}

	private static Map<String, Object> headers(TcpConnection connection, InetAddress localAddress) {
		Map<String, Object> headers = HashMap.newHashMap(5);
		headers.put(IpHeaders.CONNECTION_ID, connection.getConnectionId());
		headers.put(IpHeaders.HOSTNAME, connection.getHostName());
		headers.put(IpHeaders.IP_ADDRESS, connection.getHostAddress());
		headers.put(IpHeaders.REMOTE_PORT, connection.getPort());
		headers.put(IpHeaders.LOCAL_ADDRESS, localAddress);
		return headers;
	}

}
