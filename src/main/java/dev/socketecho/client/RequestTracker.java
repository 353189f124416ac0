package dev.socketecho.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the requests of one client: completes or fails them, tells the recorder, logs, and
 * holds the {@link OutstandingLimit}. A request's room is released when its reply is no
 * longer expected, which may be after the request has failed. Thread-safe.
 */
final class RequestTracker {

	private static final Logger logger = LoggerFactory.getLogger(EchoClient.class);

	private static final int LOGGED_BYTES = 1024;

	private final String client;

	private final Duration replyTimeout;

	private final ClientRecorder recorder;

	private final OutstandingLimit limit = new OutstandingLimit();

	RequestTracker(String client, Duration replyTimeout, ClientRecorder recorder) {
		this.client = client;
		this.replyTimeout = replyTimeout;
		this.recorder = recorder;
	}

	/**
	 * Reserves room for a request, or fails it.
	 * @return whether there was room
	 */
	boolean admit(EchoRequest request) {
		if (this.limit.tryAcquire(request.message().length)) {
			return true;
		}
		this.recorder.error(SocketError.OPERATION_ABORTED);
		request.fail(SocketError.OPERATION_ABORTED,
				"too many outstanding requests of client '%s' (expected: at most %d, of %d bytes together)"
					.formatted(this.client, OutstandingLimit.REQUESTS, OutstandingLimit.BYTES));
		return false;
	}

	/**
	 * Fails a request that was not admitted, since its message cannot be sent.
	 */
	void refuse(EchoRequest request, SocketError error, String text) {
		this.recorder.error(error);
		request.fail(error, text);
	}

	void sent(EchoRequest request) {
		logger.debug("Sent {} bytes to server '{}'", request.message().length, this.client);
	}

	void echoed(EchoRequest request, long nanoTime) {
		release(request);
		if (request.isSettled()) {
			return;
		}
		if (logger.isDebugEnabled()) {
			logger.debug("Response received from server '{}': {}", this.client, printable(request.message()));
		}
		this.recorder.roundTrip(Duration.ofNanos(nanoTime - request.sentNanos()));
		request.complete(nanoTime);
	}

	/**
	 * Fails a request for a reason of its own, which counts as an error.
	 */
	void failed(EchoRequest request, SocketError error, String text, @Nullable Throwable cause) {
		release(request);
		if (!request.isSettled()) {
			this.recorder.error(error);
			request.fail(error, text, cause);
		}
	}

	/**
	 * Fails one of several requests for a common reason, which was counted once.
	 */
	void abandoned(EchoRequest request, SocketError error, String text, @Nullable Throwable cause) {
		release(request);
		request.fail(error, text, cause);
	}

	/**
	 * Fails a request whose reply is late. The reply is still expected, so the request
	 * keeps its room.
	 */
	void timedOut(EchoRequest request) {
		timedOut(request, this.replyTimeout);
	}

	void timedOut(EchoRequest request, Duration limit) {
		if (!request.isSettled()) {
			this.recorder.error(SocketError.REPLY_TIMED_OUT);
			request.fail(SocketError.REPLY_TIMED_OUT,
					"no reply from server '%s' within %s".formatted(this.client, limit));
		}
	}

	/**
	 * The reply is no longer expected.
	 */
	void release(EchoRequest request) {
		this.limit.release(request.message().length);
	}

	void error(SocketError error) {
		this.recorder.error(error);
	}

	/**
	 * The message as one line, whatever the server sent.
	 */
	private static String printable(byte[] message) {
		return new String(message, 0, Math.min(message.length, LOGGED_BYTES), StandardCharsets.UTF_8)
			.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
	}

}
