package dev.socketecho.probe;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.ProbeRecorder;

/**
 * Probes one target, one round at a time, until it is closed.
 */
public interface Prober extends AutoCloseable {

	/**
	 * Runs a round. An error of the target or the network is in the result; the future
	 * fails only for a fault of this process, such as a lack of memory.
	 * @param count how many messages are sent, at least 1
	 * @param timeout how long the connection and the first reply may take together, and
	 * each further reply
	 * @param payloadSize the length of a message, in bytes
	 * @param recorder what is told of the messages
	 * @return completes on an event loop when the round has ended
	 */
	CompletableFuture<ProbeResult> round(int count, Duration timeout, int payloadSize, ProbeRecorder recorder);

	/**
	 * Ends the current round and closes the sockets. Any thread.
	 */
	@Override
	void close();

}
