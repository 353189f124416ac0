package dev.socketecho.transport.tcp;

import java.net.InetAddress;

import dev.socketecho.codec.FrameDecoder;
import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.FaultTarget;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.direct.ConnectionReset;
import dev.socketecho.transport.tcp.traffic.FaultedTraffic;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one connection: does to the connection what they ask for, counts its
 * traffic where they change it, and tells the output and the end of the connection what
 * they hold back. {@link FaultHandlers} has their handlers in the pipeline. A connection
 * that has never had faults has none of these.
 * <p>
 * Confined to the connection's event loop.
 */
final class ConnectionFaults implements FaultTarget {

	private final NettyTcpConnection connection;

	private final SocketChannel channel;

	private final ConnectionEnd end;

	private final ConnectionOutput output;

	private final @Nullable WebSocketSession webSocket;

	private final FaultedTraffic answers;

	private final FaultHandlers handlers;

	private boolean resetting;

	private @Nullable FaultSet current;

	/**
	 * Creates an instance without faults, which {@code end} and {@code output} ask from
	 * now on; the gate asks it from the first {@link #set} on.
	 */
	ConnectionFaults(NettyTcpConnection connection, ConnectionEnd end, ConnectionOutput output,
			@Nullable WebSocketSession webSocket) {
		this.connection = connection;
		this.channel = connection.channel();
		this.end = end;
		this.output = output;
		this.answers = new FaultedTraffic(connection.traffic());
		this.webSocket = webSocket;
		this.handlers = new FaultHandlers(this.channel.pipeline(), this);
		end.setFaults(this);
		output.setFaults(this);
	}

	/**
	 * Replaces the faults.
	 * @param next the faults
	 * @param draws what was drawn for the connection, of the faults that are new
	 */
	void set(FaultSet next, FaultSet.Draws draws) {
		if (next == this.current || !this.channel.isActive()) {
			return; // A closed channel loses its handlers.
		}
		this.current = next;
		if (this.channel.pipeline().get(HandlerNames.INBOUND_GATE) instanceof InboundGate gate) {
			gate.setFaults(this);
		}
		this.output.wayChanges(() -> {
			this.handlers.set(next, draws);
			if (this.channel.pipeline().get(HandlerNames.FRAMES) instanceof FrameDecoder decoder) {
				decoder.setSingle(hasMessageFaults());
			}
			if (this.webSocket != null) {
				this.webSocket.setSingle(hasMessageFaults());
			}
			if (!countsSent()) {
				this.answers.end();
			}
		});
	}

	/**
	 * Whether frames have to pass one by one.
	 */
	boolean hasMessageFaults() {
		return this.handlers.hasMessages();
	}

	/**
	 * Whether there are faults for the bytes on the wire. Their handler stands before
	 * {@link InboundGate}.
	 */
	boolean hasByteFaults() {
		return this.handlers.hasBytes();
	}

	/**
	 * Whether the connection has faults at the moment.
	 */
	boolean isActive() {
		return this.handlers.hasBytes() || this.handlers.hasMessages();
	}

	/**
	 * Whether answers count by {@link FaultedTraffic}, as they pass the faults, and not
	 * at once. With TLS or WebSocket the bytes that pass below them are not those that
	 * count.
	 */
	boolean countsSent() {
		return counting() != null;
	}

	/**
	 * Which faults tell what has left.
	 */
	private Fault.@Nullable Unit counting() {
		if (this.handlers.hasBytes() && this.webSocket == null
				&& this.channel.pipeline().get(HandlerNames.TLS) == null) {
			return Fault.Unit.CONNECTION;
		}
		return hasMessageFaults() ? Fault.Unit.MESSAGE : null;
	}

	/**
	 * Answers were written: they count when they have passed the faults.
	 */
	void written(long count, long messageCount) {
		if (this.resetting) {
			return; // They are thrown away.
		}
		this.answers.written(count, messageCount);
	}

	/**
	 * Whether the faults hold input back that is still to come.
	 */
	boolean holdsInput() {
		return this.handlers.holdsInput();
	}

	/**
	 * Nobody waits for further input.
	 */
	void discardInput() {
		this.handlers.discardInput();
	}

	/**
	 * Whether the connection ends with RST soon: no FIN is to be sent before.
	 */
	boolean isResetting() {
		return this.resetting;
	}

	/**
	 * Everything was sent but FIN, which faults may make late. To be called once.
	 */
	void endOutput() {
		if (!this.channel.isActive() || !this.handlers.endOutput()) {
			faultEnds();
		}
	}

	@Override
	public InetAddress faultSource() {
		return this.connection.source().getAddress();
	}

	/**
	 * Parts of a WebSocket message would be messages.
	 */
	@Override
	public boolean faultKeepsWhole() {
		return this.webSocket != null;
	}

	@Override
	public void faultHolds(long count) {
		this.output.hold(count);
	}

	/**
	 * Whether bytes count where they pass the faults of the wire: those received before
	 * them, as they may keep some, and those sent behind them. With TLS these are not the
	 * bytes that count.
	 */
	boolean countsBytes() {
		return counting() == Fault.Unit.CONNECTION;
	}

	@Override
	public void faultRead(Fault.Unit unit, int count) {
		if (unit == Fault.Unit.CONNECTION && countsBytes() && !this.connection.isClosing()) {
			this.connection.traffic().bytesReceived(count);
		}
	}

	@Override
	public void faultPassed(Fault.Unit unit, int count) {
		this.connection.traffic().active(Ticker.systemTicker().nanoTime());
		if (unit == counting()) {
			this.answers.passed(count);
		}
	}

	@Override
	public void faultEnds() {
		this.channel.eventLoop().execute(this.end::allPassed);
	}

	@Override
	public void faultCloses() {
		this.channel.eventLoop().execute(() -> this.end.begin(CloseReason.FAULT));
	}

	@Override
	public void faultResets() {
		if (!this.resetting) {
			this.resetting = true;
			this.channel.eventLoop()
				.execute(() -> ConnectionReset.reset(this.channel, this::holdsOutput,
						() -> this.end.decide(CloseReason.FAULT)));
		}
	}

	/**
	 * Whether the faults hold output back that is still to leave.
	 */
	boolean holdsOutput() {
		return this.handlers.holdsOutput();
	}

}
