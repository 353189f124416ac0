package dev.socketecho.transport.tcp;

import java.util.Objects;

import dev.socketecho.codec.Frames;
import dev.socketecho.transport.direct.ProcessorTurn;
import dev.socketecho.transport.tcp.traffic.ConnectionTraffic;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.tcp.connection.TcpListener;

/**
 * What one connection receives: makes messages of frames and delivers them to the flow.
 * {@link InboundGate} calls it with frames that a read has brought whole, and
 * {@link ConnectionHandler} with those that came in parts. The flow answers by
 * {@link NettyTcpConnection#send} while it is called; the answers to a read leave at its
 * end.
 * <p>
 * Confined to the connection's event loop.
 */
final class MessageInput {

	private final NettyTcpConnection connection;

	private final ConnectionOutput output;

	private final ConnectionLife life;

	private final ConnectionTraffic traffic;

	private final ProcessorTurn turn = ProcessorTurn.ofEventLoop();

	private @Nullable Frames current;

	MessageInput(NettyTcpConnection connection, ConnectionOutput output, ConnectionLife life,
			ConnectionTraffic traffic) {
		this.connection = connection;
		this.output = output;
		this.life = life;
		this.traffic = traffic;
	}

	/**
	 * The frames that are being delivered, {@code null} at other times.
	 */
	@Nullable Frames current() {
		return this.current;
	}

	/**
	 * Delivers frames to the flow, which answers them before this returns. The answers
	 * leave with {@link #readComplete}.
	 * @param frames the frames; this takes over the caller's reference
	 */
	void receive(Frames frames) {
		try {
			if (this.connection.isClosing()) {
				return;
			}
			this.output.holdFlush();
			this.traffic.messagesReceived(frames.count());
			this.current = frames;
			TcpListener listener = Objects.requireNonNull(this.connection.getListener(), "no inbound adapter");
			listener.onMessage(Objects.requireNonNull(this.connection.getMapper().toMessage(this.connection, null)));
		}
		catch (Exception ex) {
			this.life.flowFailed(ex);
		}
		finally {
			this.current = null;
			frames.release();
		}
	}

	/**
	 * Everything of a read was delivered: flushes the answers.
	 */
	void readComplete() {
		this.output.releaseFlush();
		long now = this.turn.workDone();
		if (!this.connection.isClosing()) {
			// Discarded input does not count as activity.
			this.traffic.active(now);
		}
	}

}
