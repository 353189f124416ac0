package dev.socketecho.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of a client's requests: completes them, records and logs it, and keeps the
 * number outstanding within its bounds. A request's room is given back when its reply is
 * no longer expected, which may be after it has failed.
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
	 * Takes a request in, or fails it.
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
	 * A request never got room: its message cannot be sent at all.
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
	 * The request has failed by itself: this counts as an error.
	 */
	void failed(EchoRequest request, SocketError error, String text, @Nullable Throwable cause) {
		release(request);
		if (!request.isSettled()) {
			this.recorder.error(error);
			request.fail(error, text, cause);
		}
	}

	/**
	 * The request has failed with others, for one error that is counted once for all.
	 */
	void abandoned(EchoRequest request, SocketError error, String text, @Nullable Throwable cause) {
		release(request);
		request.fail(error, text, cause);
	}

	/**
	 * The reply is late. Its place is kept, and so is the request's room.
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
	 * The request's reply is no longer expected.
	 */
	void release(EchoRequest request) {
		this.limit.release(request.message().length);
	}

	void error(SocketError error) {
		this.recorder.error(error);
	}

	/**
	 * One line, whatever a server sent.
	 */
	private static String printable(byte[] message) {
		return new String(message, 0, Math.min(message.length, LOGGED_BYTES), StandardCharsets.UTF_8)
			.replaceAll("[\\p{Cntrl}\\p{Cf}\\p{Zl}\\p{Zp}]", "?");
	}

}
