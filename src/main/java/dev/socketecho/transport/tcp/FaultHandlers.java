package dev.socketecho.transport.tcp;

import dev.socketecho.fault.Fault;
import dev.socketecho.fault.FaultHandler;
import dev.socketecho.fault.FaultSet;
import dev.socketecho.fault.FaultTarget;
import io.netty.channel.ChannelPipeline;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a connection's faults in its pipeline: one for the bytes on the wire
 * and one for messages, each only while there are such faults. {@link ConnectionFaults}
 * adds and removes them, and asks them what they hold back.
 * <p>
 * Confined to the connection's event loop.
 */
final class FaultHandlers {

	private final ChannelPipeline pipeline;

	private final FaultTarget target;

	private @Nullable FaultHandler bytes;

	private @Nullable FaultHandler messages;

	/**
	 * Creates an instance without handlers.
	 * @param target the connection that the faults act on
	 */
	FaultHandlers(ChannelPipeline pipeline, FaultTarget target) {
		this.pipeline = pipeline;
		this.target = target;
	}

	/**
	 * Replaces the faults: adds, changes or removes the handlers.
	 * @param next the faults
	 * @param draws what was drawn for the connection, of the faults that are new
	 */
	void set(FaultSet next, FaultSet.Draws draws) {
		this.bytes = set(HandlerNames.FAULTS, Fault.Unit.CONNECTION, this.bytes, next, draws);
		this.messages = set(HandlerNames.MESSAGE_FAULTS, Fault.Unit.MESSAGE, this.messages, next, draws);
	}

	private @Nullable FaultHandler set(String name, Fault.Unit unit, @Nullable FaultHandler handler, FaultSet next,
			FaultSet.Draws draws) {
		if (!next.has(unit)) {
			if (handler != null) {
				// What it holds passes while it is still in the pipeline: answers to that
				// go through it, and are counted.
				handler.set(next, draws);
				this.pipeline.remove(handler);
			}
			return null;
		}
		if (handler != null) {
			handler.set(next, draws);
			return handler;
		}
		FaultHandler added = new FaultHandler(this.target, unit, next, draws);
		this.pipeline.addBefore((unit == Fault.Unit.MESSAGE) ? HandlerNames.CONNECTION : first(), name, added);
		return added;
	}

	/**
	 * The first handler behind those of the PROXY header, which may still be there.
	 */
	private String first() {
		return (this.pipeline.get(HandlerNames.TLS_GUARD) != null) ? HandlerNames.TLS_GUARD
				: (this.pipeline.get(HandlerNames.TLS) != null) ? HandlerNames.TLS : HandlerNames.INBOUND_GATE;
	}

	/**
	 * Whether there are faults for the bytes on the wire.
	 */
	boolean hasBytes() {
		return this.bytes != null;
	}

	/**
	 * Whether there are faults for messages.
	 */
	boolean hasMessages() {
		return this.messages != null;
	}

	/**
	 * Whether they hold input back that is still to come.
	 */
	boolean holdsInput() {
		return (this.bytes != null && this.bytes.holdsInput()) || (this.messages != null && this.messages.holdsInput());
	}

	/**
	 * Whether they hold output back that is still to leave.
	 */
	boolean holdsOutput() {
		return (this.bytes != null && this.bytes.holdsOutput())
				|| (this.messages != null && this.messages.holdsOutput());
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
	 * Everything was sent but FIN, which the faults of the wire may make late.
	 * @return whether there are any, which call {@link FaultTarget#faultEnds}
	 */
	boolean endOutput() {
		if (this.bytes == null) {
			return false;
		}
		this.bytes.endOutput();
		return true;
	}

}
