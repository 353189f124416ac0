package dev.socketecho.fault;

import java.util.List;
import java.util.Objects;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import org.jspecify.annotations.Nullable;

/**
 * The faults of one TCP connection that are drawn for one kind of unit. The one for
 * connections is the first of the pipeline, below TLS: it does to bytes what the peer
 * sees on the wire. The one for messages is the last but one. Removed, it passes on what
 * it holds back.
 * <p>
 * Confined to the connection's event loop.
 */
public final class FaultHandler extends ChannelDuplexHandler {

	private final FaultTarget target;

	private final Fault.Unit unit;

	private final FaultSet.Draws first;

	private FaultSet faults;

	private boolean inputDiscarded;

	/** Whether the end of the input has come in, and is held back. */
	private boolean endHeld;

	private @Nullable FaultLine outbound;

	private @Nullable FaultLine inbound;

	/**
	 * Creates a handler.
	 * @param target the connection
	 * @param unit for which faults this is
	 * @param faults the faults; those of other units are left alone
	 * @param draws what was drawn for the connection
	 */
	public FaultHandler(FaultTarget target, Fault.Unit unit, FaultSet faults, FaultSet.Draws draws) {
		this.target = target;
		this.unit = unit;
		this.faults = faults;
		this.first = draws;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext ctx) {
		boolean messages = this.unit == Fault.Unit.MESSAGE;
		this.outbound = new FaultLine(ctx, this.target, messages && this.target.faultKeepsWhole(), new Outbound());
		this.inbound = new FaultLine(ctx, this.target, messages, new Inbound());
		set(this.faults, this.first);
	}

	/**
	 * Puts other faults in the place of those that are there. Those that are in both go
	 * on; what the others hold back passes at once.
	 * @param next the faults
	 * @param draws what was drawn for the connection, of those that are new
	 */
	public void set(FaultSet next, FaultSet.Draws draws) {
		this.faults = next;
		outbound().set(of(next, Fault.Direction.OUTBOUND), draws);
		inbound().set(of(next, Fault.Direction.INBOUND), draws);
		inbound().flush();
		outbound().flush();
	}

	private List<ActiveFault> of(FaultSet set, Fault.Direction direction) {
		return set.all()
			.stream()
			.filter((active) -> active.fault().unit() == this.unit && active.fault().direction() == direction)
			.toList();
	}

	private FaultLine outbound() {
		return Objects.requireNonNull(this.outbound);
	}

	private FaultLine inbound() {
		return Objects.requireNonNull(this.inbound);
	}

	/**
	 * Sends the end of the output through the faults: {@link FaultTarget#faultEnds} is
	 * called when it has passed. To be called once, when everything else has.
	 */
	public void endOutput() {
		outbound().pass(Chunk.END);
	}

	/**
	 * Tells whether bytes of the peer are held back.
	 * @return whether there are any
	 */
	public boolean holdsInput() {
		return inbound().held() > 0;
	}

	/**
	 * Tells whether bytes to the peer are held back.
	 * @return whether there are any
	 */
	public boolean holdsOutput() {
		return outbound().held() > 0;
	}

	/**
	 * Throws the input away that is held back, and what still comes: nobody waits for it.
	 */
	public void discardInput() {
		this.inputDiscarded = true;
		inbound().discard();
		if (this.endHeld) {
			inbound().exit(Chunk.END);
		}
	}

	@Override
	public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
		outbound().pass(Chunk.of(message, promise));
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		if (this.inputDiscarded) {
			ctx.fireChannelRead(message);
			return;
		}
		Chunk chunk = Chunk.of(message, null);
		this.target.faultRead(this.unit, chunk.length());
		inbound().pass(chunk);
	}

	/**
	 * Decoders ask for more while their input is incomplete. What they wait for may be
	 * held back here, so while reads are paused they do not get it from the socket.
	 */
	@Override
	public void read(ChannelHandlerContext ctx) {
		if (inbound().held() == 0 || ctx.channel().config().isAutoRead()) {
			ctx.read();
		}
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
		if (event instanceof ChannelInputShutdownEvent && !this.inputDiscarded) {
			this.endHeld = true;
			inbound().pass(Chunk.END);
		}
		else {
			ctx.fireUserEventTriggered(event);
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext ctx) {
		inbound().discard();
		outbound().discard();
		ctx.fireChannelInactive();
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext ctx) {
		if (ctx.channel().isActive()) {
			set(FaultSet.empty(System::nanoTime), FaultSet.Draws.NONE);
		}
		else {
			inbound().discard();
			outbound().discard();
		}
	}

	private final class Outbound implements FaultLine.Exit {

		@Override
		public void pass(ChannelHandlerContext ctx, Chunk chunk) {
			if (chunk.end()) {
				FaultHandler.this.target.faultEnds();
				return;
			}
			FaultHandler.this.target.faultPassed(FaultHandler.this.unit, chunk.length());
			ctx.write(chunk.message(), (chunk.promise() != null) ? chunk.promise() : ctx.voidPromise());
		}

		@Override
		public void flush(ChannelHandlerContext ctx) {
			ctx.flush();
		}

	}

	private final class Inbound implements FaultLine.Exit {

		@Override
		public void pass(ChannelHandlerContext ctx, Chunk chunk) {
			if (chunk.end()) {
				FaultHandler.this.endHeld = false;
				ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
			}
			else {
				ctx.fireChannelRead(chunk.message());
			}
		}

		@Override
		public void flush(ChannelHandlerContext ctx) {
			ctx.fireChannelReadComplete();
		}

	}

}
