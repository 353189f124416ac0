package dev.socketecho.transport.loop;

import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * A server cannot listen where it was told to.
 */
public final class ServerBindException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final String transport;

	private final String server;

	private final String address;

	private final int port;

	private final SocketError error;

	/**
	 * Creates an instance.
	 * @param server the server's name
	 * @param address the address, as it was configured, or {@code *}
	 * @param port the port
	 * @param cause why
	 */
	public ServerBindException(String server, String address, int port, @Nullable Throwable cause) {
		this("tcp", server, address, port, cause);
	}

	/**
	 * Creates an instance.
	 * @param transport {@code tcp} or {@code udp}
	 * @param server the server's name
	 * @param address the address, as it was configured, or {@code *}
	 * @param port the port
	 * @param cause why
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
	 * @return the address, as it was configured, or {@code *}
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
	 * Returns the error's class.
	 * @return the class
	 */
	public SocketError getError() {
		return this.error;
	}

}
