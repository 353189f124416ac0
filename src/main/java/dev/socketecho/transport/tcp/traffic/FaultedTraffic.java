package dev.socketecho.transport.tcp.traffic;

import java.util.ArrayDeque;

/**
 * Counts answers of a connection with faults: not when they are written, but as they pass
 * the faults, which may keep some of them. Confined to the connection's event loop.
 */
public final class FaultedTraffic {

	private final ConnectionTraffic traffic;

	/** Writes whose last byte has not left yet. */
	private final ArrayDeque<Written> written = new ArrayDeque<>(0);

	private long writtenBytes;

	private long passedBytes;

	/**
	 * Creates an instance.
	 * @param traffic the counts of the connection
	 */
	public FaultedTraffic(ConnectionTraffic traffic) {
		this.traffic = traffic;
	}

	/**
	 * Answers were written.
	 * @param bytes how many bytes
	 * @param messages how many messages they end
	 */
	public void written(long bytes, long messages) {
		this.writtenBytes += bytes;
		this.written.add(new Written(this.writtenBytes, messages));
	}

	/**
	 * Bytes of the answers have passed the faults.
	 * @param bytes how many
	 */
	public void passed(int bytes) {
		this.passedBytes += bytes;
		long messages = 0;
		while (!this.written.isEmpty() && this.written.getFirst().end() <= this.passedBytes) {
			messages += this.written.removeFirst().messages();
		}
		this.traffic.sent(bytes, messages);
	}

	/**
	 * Answers count when they are written, from now on.
	 */
	public void end() {
		this.written.clear();
		this.passedBytes = this.writtenBytes;
	}

	/**
	 * Some answers that were written together.
	 *
	 * @param end how many bytes were written up to their end
	 */
	private record Written(long end, long messages) {
	}

}
