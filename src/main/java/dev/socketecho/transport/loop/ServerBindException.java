package dev.socketecho.transport.loop;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * A server cannot listen on its address and port. The service does not start; a failure
 * analyzer explains it.
 */
public final class ServerBindException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String transport;

	private final String server;

	private final String address;

	private final int port;

	private final SocketError error;

	/**
	 * Creates an instance for a TCP server.
	 * @param server the server's name
	 * @param address the configured address, or {@code *} for all
	 * @param port the port
	 * @param cause the reason, {@code null} if it is unknown
	 */
	public ServerBindException(String server, String address, int port, @Nullable Throwable cause) {
		this("tcp", server, address, port, cause);
	}

	/**
	 * Creates an instance.
	 * @param transport {@code tcp} or {@code udp}
	 * @param server the server's name
	 * @param address the configured address, or {@code *} for all
	 * @param port the port
	 * @param cause the reason, {@code null} if it is unknown
	 */
	public ServerBindException(String transport, String server, String address, int port, @Nullable Throwable cause) {
		super("server '%s' cannot listen on %s port %d".formatted(server, address, port), cause);
		this.transport = transport;
		this.server = server;
		this.address = address;
		this.port = port;
		this.error = (cause != null) ? SocketError.of(cause) : SocketError.UNKNOWN;
	}

	/**
	 * Returns the transport.
	 * @return {@code tcp} or {@code udp}
	 */
	public String getTransport() {
		return this.transport;
	}

	/**
	 * Returns the server's name.
	 * @return the name
	 */
	public String getServer() {
		return this.server;
	}

	/**
	 * Returns the address.
	 * @return the configured address, or {@code *} for all
	 */
	public String getAddress() {
		return this.address;
	}

	/**
	 * Returns the port.
	 * @return 0 to 65535
	 */
	public int getPort() {
		return this.port;
	}

	/**
	 * Returns the error.
	 * @return the error, as metrics and logs name it
	 */
	public SocketError getError() {
		return this.error;
	}

}
