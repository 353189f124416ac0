package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.CloseReason;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * How one connection ends. In order: what is queued leaves, FIN follows, and what the
 * peer still sends is read and discarded until it closes too or the linger timeout is
 * over; a socket closed earlier could answer with RST and destroy what the peer has yet
 * to read (RFC 9293, 3.6.1). Or at once, where nothing is owed.
 * <p>
 * Confined to the connection's event loop, but for the queries.
 */
final class ConnectionEnd {

	private final SocketChannel channel;

	private final ConnectionOutput output;

	private final Duration lingerTimeout;

	private final Duration stallTimeout;

	private final ConnectionTraffic traffic;

	private volatile @Nullable CloseReason reason;

	private volatile boolean lastByteLeft;

	private boolean inputEnded;

	private boolean draining;

	private boolean inputDrained;

	private @Nullable Future<?> cut;

	/**
	 * Creates an instance.
	 * @param traffic of the connection
	 * @param lingerTimeout how long the peer is given to close too, and after an
	 * operator's close to take what is queued
	 * @param stallTimeout how long the peer may take nothing of what is queued once the
	 * end is decided; zero where something else bounds that
	 */
	ConnectionEnd(SocketChannel channel, ConnectionOutput output, ConnectionTraffic traffic, Duration lingerTimeout,
			Duration stallTimeout) {
		this.channel = channel;
		this.output = output;
		this.traffic = traffic;
		this.lingerTimeout = lingerTimeout;
		this.stallTimeout = stallTimeout;
	}

	/**
	 * The reason of the end, {@code null} as long as none was decided.
	 */
	@Nullable CloseReason reason() {
		return this.reason;
	}

	/**
	 * Whether everything that was owed to the peer has left.
	 */
	boolean isInOrder() {
		return this.lastByteLeft;
	}

	/**
	 * Ends the connection. The first reason counts. An operator does not wait for a peer
	 * that has closed its side and takes its answers slowly, or never.
	 */
	void begin(CloseReason why) {
		if (this.reason != null) {
			if (why == CloseReason.OPERATOR) {
				insist();
			}
			return;
		}
		this.reason = why;
		if (!why.sendsLastByte()) {
			this.channel.close();
			return;
		}
		if (why == CloseReason.OPERATOR) {
			cutAfterLinger();
		}
		else if (why.isServersDecision() && this.stallTimeout.isPositive()) {
			new IdleTimeout(this.channel, this.traffic, this.stallTimeout.toNanos(), this.channel::close).start();
		}
		this.output.finish().addListener((written) -> {
			if (written.isSuccess()) {
				lastByteLeft();
			}
			else {
				this.channel.close();
			}
		});
		this.output.endBackPressure();
	}

	/**
	 * Ends the connection because its server stops, once everything that the peer has
	 * sent so far is read and answered. May be called more than once.
	 */
	void drain() {
		if (!this.draining && this.reason == null) {
			this.draining = true;
			new InputDrain(this.channel, this, this.output, this.traffic).start();
		}
	}

	/**
	 * The drain has read everything. It ends the input next.
	 */
	void inputDrained() {
		this.inputDrained = true;
	}

	private void insist() {
		if (this.reason == CloseReason.CLIENT_CLOSED) {
			this.reason = CloseReason.OPERATOR;
		}
		cutAfterLinger();
	}

	/**
	 * Says why the connection ends, where something else sees to its closing. The first
	 * reason counts.
	 */
	void decide(CloseReason why) {
		if (this.reason == null) {
			this.reason = why;
		}
	}

	/**
	 * The input is over and the flow has had all of it: the peer has closed its side, or
	 * the drain has ended the input.
	 */
	void inputEnded() {
		if (this.inputDrained && this.reason == null) {
			begin(CloseReason.SHUTDOWN);
			return;
		}
		this.inputEnded = true;
		if (this.reason == null) {
			begin(CloseReason.CLIENT_CLOSED);
		}
		else if (this.lastByteLeft) {
			this.channel.close();
		}
	}

	/**
	 * Nothing moved for the idle timeout: the peer does not take what is owed to it.
	 */
	void idle() {
		if (this.reason == null || this.reason == CloseReason.CLIENT_CLOSED) {
			this.reason = CloseReason.IDLE_TIMEOUT;
		}
		this.channel.close();
	}

	/**
	 * The connection is no more.
	 */
	void closed() {
		if (this.reason == null) {
			this.reason = CloseReason.CONNECTION_RESET;
		}
		if (this.cut != null) {
			this.cut.cancel(false);
		}
		this.output.closed();
	}

	private void lastByteLeft() {
		this.lastByteLeft = true;
		if (this.inputEnded) {
			this.channel.close();
			return;
		}
		shutdownOutput();
		cutAfterLinger();
	}

	/**
	 * Sends FIN, with TLS after {@code close_notify}.
	 */
	void shutdownOutput() {
		if (this.channel.pipeline().get(HandlerNames.TLS) instanceof SslHandler tls) {
			tls.closeOutbound().addListener((_) -> this.channel.shutdownOutput());
		}
		else {
			this.channel.shutdownOutput();
		}
	}

	private void cutAfterLinger() {
		if (this.cut == null) {
			this.cut = this.channel.eventLoop()
				.schedule(() -> this.channel.close(), this.lingerTimeout.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

}
