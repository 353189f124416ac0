package dev.socketecho.transport.tcp;

import java.net.InetAddress;

import dev.socketecho.codec.FrameDecoder;
import dev.socketecho.fault.FaultHandler;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.FaultTarget;
import dev.socketecho.fault.Fault;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.transport.direct.ConnectionReset;
import dev.socketecho.transport.websocket.WebSocketSession;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Ticker;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one connection: adds their handlers to the pipeline and removes them, and
 * does to the connection what they ask for. A connection without faults has none of
 * these.
 * <p>
 * Confined to the connection's event loop.
 */
final class ConnectionFaults implements FaultTarget {

	private final SocketChannel channel;

	private final InetAddress source;

	private final ConnectionEnd end;

	private final ConnectionOutput output;

	private final ConnectionTraffic traffic;

	private final @Nullable WebSocketSession webSocket;

	private final FaultedTraffic answers;

	private @Nullable FaultHandler bytes;

	private @Nullable FaultHandler messages;

	private boolean resetting;

	private @Nullable FaultSet current;

	ConnectionFaults(SocketChannel channel, InetAddress source, ConnectionEnd end, ConnectionOutput output,
			ConnectionTraffic traffic, @Nullable WebSocketSession webSocket) {
		this.channel = channel;
		this.source = source;
		this.end = end;
		this.output = output;
		this.traffic = traffic;
		this.answers = new FaultedTraffic(traffic);
		this.webSocket = webSocket;
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
		this.output.wayChanges(() -> {
			this.bytes = set(HandlerNames.FAULTS, Fault.Unit.CONNECTION, this.bytes, next, draws);
			this.messages = set(HandlerNames.MESSAGE_FAULTS, Fault.Unit.MESSAGE, this.messages, next, draws);
			if (this.channel.pipeline().get(HandlerNames.FRAMES) instanceof FrameDecoder decoder) {
				decoder.setSingle(this.messages != null);
			}
			if (this.webSocket != null) {
				this.webSocket.setSingle(this.messages != null);
			}
			if (!countsSent()) {
				this.answers.end();
			}
		});
	}

	private @Nullable FaultHandler set(String name, Fault.Unit unit, @Nullable FaultHandler handler, FaultSet next,
			FaultSet.Draws draws) {
		ChannelPipeline pipeline = this.channel.pipeline();
		if (!next.has(unit)) {
			if (handler != null) {
				// What it holds passes while it is still in the pipeline: answers to that
				// go through it, and are counted.
				handler.set(next, draws);
				pipeline.remove(handler);
			}
			return null;
		}
		if (handler != null) {
			handler.set(next, draws);
			return handler;
		}
		FaultHandler added = new FaultHandler(this, unit, next, draws);
		if (unit == Fault.Unit.MESSAGE) {
			pipeline.addBefore(HandlerNames.CONNECTION, name, added);
		}
		else {
			pipeline.addBefore(first(pipeline), name, added);
		}
		return added;
	}

	/**
	 * The first handler behind those of the PROXY header, which may still be there.
	 */
	private static String first(ChannelPipeline pipeline) {
		return (pipeline.get(HandlerNames.TLS_GUARD) != null) ? HandlerNames.TLS_GUARD
				: (pipeline.get(HandlerNames.TLS) != null) ? HandlerNames.TLS : HandlerNames.INBOUND_GATE;
	}

	/**
	 * Whether frames have to pass one by one.
	 */
	boolean hasMessageFaults() {
		return this.messages != null;
	}

	/**
	 * Whether the connection has faults at the moment.
	 */
	boolean isActive() {
		return this.bytes != null || this.messages != null;
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
		if (this.bytes != null && this.webSocket == null && this.channel.pipeline().get(HandlerNames.TLS) == null) {
			return Fault.Unit.CONNECTION;
		}
		return (this.messages != null) ? Fault.Unit.MESSAGE : null;
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
		return (this.bytes != null && this.bytes.holdsInput()) || (this.messages != null && this.messages.holdsInput());
	}

	/**
	 * Nobody waits for further input.
	 */
	void discardInput() {
		if (this.bytes != null) {
			this.bytes.discardInput();
		}
		if (this.messages != null) {
			this.messages.discardInput();
		}
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
		if (this.bytes != null && this.channel.isActive()) {
			this.bytes.endOutput();
		}
		else {
			faultEnds();
		}
	}

	@Override
	public InetAddress faultSource() {
		return this.source;
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
		if (unit == Fault.Unit.CONNECTION && countsBytes() && this.end.reason() == null) {
			this.traffic.bytesReceived(count);
		}
	}

	@Override
	public void faultPassed(Fault.Unit unit, int count) {
		this.traffic.active(Ticker.systemTicker().nanoTime());
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
		return (this.bytes != null && this.bytes.holdsOutput())
				|| (this.messages != null && this.messages.holdsOutput());
	}

}
