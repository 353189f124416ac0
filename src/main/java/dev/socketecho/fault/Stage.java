package dev.socketecho.fault;

import org.jspecify.annotations.Nullable;

/**
 * One fault of one connection in one direction. Chunks come in by {@link #pass} and go on
 * to the next stage, changed, in part, later, or never. Their order stays.
 * <p>
 * Confined to the connection's event loop.
 */
abstract class Stage {

	private final ActiveFault fault;

	private final FaultLine line;

	/** Of the connection; {@code null} if units are drawn one by one. */
	private final @Nullable Draw connection;

	private @Nullable Stage next;

	Stage(ActiveFault fault, FaultLine line, @Nullable Draw connection) {
		this.fault = fault;
		this.line = line;
		this.connection = connection;
	}

	final ActiveFault fault() {
		return this.fault;
	}

	final FaultLine line() {
		return this.line;
	}

	final void next(@Nullable Stage stage) {
		this.next = stage;
	}

	/**
	 * The stage's place in the line is there: time begins.
	 */
	void start() {
	}

	/**
	 * Takes a chunk over.
	 */
	abstract void pass(Chunk chunk);

	/**
	 * The random numbers for a chunk; {@code null} if the fault leaves it alone. To be
	 * called once for each.
	 */
	final @Nullable Draw draw(Chunk chunk) {
		if (chunk.isMark()) {
			return null;
		}
		long now = this.line.now();
		if (this.connection != null) {
			return this.fault.isOver(now) ? null : this.connection;
		}
		return this.fault.draw(this.line.target().faultSource(), now);
	}

	/**
	 * Like {@link #draw}, and counts a message that the fault is for.
	 */
	final @Nullable Draw drawAndCount(Chunk chunk) {
		Draw draw = draw(chunk);
		if (draw != null && this.connection == null) {
			this.fault.inject(1);
		}
		return draw;
	}

	/**
	 * Counts a connection that the fault is for.
	 */
	final void countConnection() {
		if (this.connection != null) {
			this.fault.inject(1);
		}
	}

	final void passOn(Chunk chunk) {
		if (this.next != null) {
			this.next.pass(chunk);
		}
		else {
			this.line.exit(chunk);
		}
	}

	/**
	 * The fault is no more: passes on what it holds.
	 */
	void release() {
	}

	/**
	 * The connection is no more: throws away what it holds.
	 */
	void discard() {
	}

	/**
	 * Whether the fault was drawn for the whole connection.
	 */
	final boolean isForConnection() {
		return this.connection != null;
	}

}
