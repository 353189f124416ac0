package dev.socketecho.transport.tcp;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.tcp.traffic.ConnectionTraffic;
import dev.socketecho.transport.tcp.traffic.IdleTimeout;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * The end of one connection: why, and how. A connection that ends in order sends what is
 * queued, then FIN, and discards further input until the peer closes too or the linger
 * timeout is over. A socket that is closed earlier could answer that input with RST, and
 * destroy bytes that the peer has not read yet (RFC 9293, 3.6.1). For some reasons, such
 * as a reset, nothing more needs to be sent, and the socket is closed at once.
 * {@link CloseReason#sendsLastByte} says which reasons end in order.
 * <p>
 * At shutdown, {@link #drain} first has {@link InputDrain} read everything that is in the
 * socket.
 * <p>
 * Confined to the connection's event loop, except for {@link #isInOrder}.
 */
final class ConnectionEnd {

	private final NettyTcpConnection connection;

	private final SocketChannel channel;

	private final ConnectionOutput output;

	private final ConnectionTraffic traffic;

	private final ConnectionOwner.Limits limits;

	private final OutputEnd outputEnd;

	private @Nullable IdleTimeout stallTimeout;

	private boolean draining;

	private boolean inputDrained;

	private @Nullable ConnectionFaults faults;

	private @Nullable WebSocketSession webSocket;

	ConnectionEnd(NettyTcpConnection connection, ConnectionOutput output, ConnectionTraffic traffic,
			ConnectionOwner.Limits limits) {
		this.connection = connection;
		this.channel = connection.channel();
		this.output = output;
		this.traffic = traffic;
		this.limits = limits;
		this.outputEnd = new OutputEnd(this.channel, output, limits);
	}

	/**
	 * Gives the connection faults, which may delay its end.
	 */
	void setFaults(ConnectionFaults faults) {
		this.faults = faults;
		this.outputEnd.setFaults(faults);
	}

	/**
	 * Gives the connection a WebSocket, which sends a close frame as its last one.
	 */
	void setWebSocket(WebSocketSession session) {
		this.webSocket = session;
		this.outputEnd.setWebSocket(session);
	}

	/**
	 * Whether faults hold back input that is still to be answered.
	 */
	boolean isInputHeld() {
		return this.faults != null && this.faults.holdsInput();
	}

	/**
	 * Whether the connection ends in order: everything that was queued to the peer has
	 * been sent.
	 */
	boolean isInOrder() {
		return this.outputEnd.isDone();
	}

	/**
	 * Ends the connection. The first reason counts. If the end is under way already, an
	 * operator's close limits it to the linger timeout.
	 */
	void begin(CloseReason why) {
		if (this.connection.isClosing()) {
			if (why == CloseReason.OPERATOR) {
				hurry();
			}
			decide(why);
			return;
		}
		this.connection.setCloseReason(why);
		if (!why.sendsLastByte()) {
			this.channel.close();
			return;
		}
		if (why == CloseReason.OPERATOR) {
			this.outputEnd.linger();
		}
		else if (why.isServersDecision() && this.limits.stallTimeout().isPositive()) {
			this.stallTimeout = new IdleTimeout(this.channel, this.traffic, this.limits.stallTimeout().toNanos(),
					this::stalled);
			this.stallTimeout.start();
		}
		this.outputEnd.begin(why);
		this.output.endBackPressure();
		if (this.faults != null) {
			this.faults.discardInput();
		}
	}

	/**
	 * Ends the connection because its server stops, once everything that the peer has
	 * sent so far is read and answered. May be called more than once.
	 */
	void drain() {
		if (!this.draining && !this.connection.isClosing()) {
			this.draining = true;
			new InputDrain(this.connection, this, this.output,
					(this.webSocket != null) ? this.webSocket::bytesRead : this.traffic::bytesIn)
				.start();
		}
	}

	/**
	 * The drain has read everything. It ends the input next.
	 */
	void inputDrained() {
		this.inputDrained = true;
	}

	private void hurry() {
		if (this.connection.closeReason() == CloseReason.CLIENT_CLOSED) {
			this.connection.setCloseReason(CloseReason.OPERATOR);
		}
		this.outputEnd.linger();
	}

	/**
	 * Sets the reason of an end where another handler closes the channel. The first
	 * reason counts, except that a fault may end a connection that the peer has closed.
	 */
	void decide(CloseReason why) {
		if (!this.connection.isClosing()
				|| (this.connection.closeReason() == CloseReason.CLIENT_CLOSED && why == CloseReason.FAULT)) {
			this.connection.setCloseReason(why);
		}
	}

	/**
	 * The input has ended and was delivered to the flow: the peer has closed its side, or
	 * the drain has ended the input.
	 */
	void inputEnded() {
		if (this.inputDrained && !this.connection.isClosing()) {
			begin(CloseReason.SHUTDOWN);
			return;
		}
		// After a close frame the peer has still to send FIN
		if (this.connection.isClosing() || this.webSocket == null || !this.webSocket.isPeerClosed()) {
			this.outputEnd.inputEnded();
		}
		if (!this.connection.isClosing()) {
			begin(CloseReason.CLIENT_CLOSED);
		}
	}

	/**
	 * No byte has moved for the idle timeout, so the peer will not read what is queued.
	 */
	void idle() {
		if (!this.connection.isClosing() || this.connection.closeReason() == CloseReason.CLIENT_CLOSED) {
			this.connection.setCloseReason(CloseReason.IDLE_TIMEOUT);
		}
		if (this.webSocket != null) {
			this.webSocket.close(CloseReason.IDLE_TIMEOUT);
		}
		this.channel.close();
	}

	/**
	 * The channel is closed.
	 */
	void closed() {
		if (!this.connection.isClosing()) {
			this.connection.setCloseReason(CloseReason.CONNECTION_RESET);
		}
		if (this.stallTimeout != null) {
			this.stallTimeout.stop();
		}
		this.outputEnd.closed();
		this.output.closed();
	}

	/**
	 * No byte has moved for the stall timeout. It is not the peer's fault while this
	 * service holds the rest back on purpose.
	 */
	private void stalled() {
		if (this.faults == null || !this.faults.holdsOutput()) {
			this.channel.close();
		}
	}

	/**
	 * Everything has passed the faults, the end included.
	 */
	void allPassed() {
		this.outputEnd.allPassed();
	}

	/**
	 * Sends FIN, with TLS after {@code close_notify}.
	 */
	void shutdownOutput() {
		this.outputEnd.shutdown();
	}

}
