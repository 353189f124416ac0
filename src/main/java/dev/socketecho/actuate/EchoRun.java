package dev.socketecho.actuate;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoException;
import dev.socketecho.client.EchoReply;
import dev.socketecho.probe.ProbePayload;
import dev.socketecho.telemetry.SocketError;
import org.jspecify.annotations.Nullable;

/**
 * One call of {@code /actuator/echo/{client}}. It sends the messages one after the other:
 * each one when the one before was answered or has failed. It ends after the last
 * message, when its time is over, or when the caller goes away.
 * <p>
 * Not thread-safe: used by one thread after the other, none of them an event loop of the
 * sockets.
 */
final class EchoRun {

	private static final Duration TIME_LIMIT = Duration.ofSeconds(30);

	/** How many characters of replies are reported at most. */
	private static final int REPORTED_CHARACTERS = 1024 * 1024;

	/**
	 * How many copies there may be at a time: message and reply, each once more on its
	 * way.
	 */
	private static final int COPIES = 4;

	/**
	 * How much of the heap a byte of a reported reply takes: 2 bytes of text, 6 of JSON,
	 * and as much again while the answer is made.
	 */
	private static final int REPORTED_BYTE = 16;

	/** How much of the heap the rest of a message's report takes. */
	private static final int REPORTED_MESSAGE = 256;

	/** Takes the replies off the event loops, which must not wait for JSON. */
	private static final Executor REPLIES = (task) -> Thread.ofVirtual().name("echo-run").start(task);

	private final EchoClient client;

	private final byte @Nullable [] message;

	private final int size;

	private final int count;

	private final List<Message> messages = new ArrayList<>();

	private final CompletableFuture<Report> done = new CompletableFuture<>();

	private final long startNanos = System.nanoTime();

	private int reportedCharacters;

	private @Nullable SocketError error;

	EchoRun(EchoClient client, byte @Nullable [] message, int size, int count) {
		this.client = client;
		this.message = message;
		this.size = size;
		this.count = count;
	}

	/**
	 * Estimates how much of the heap a run takes, with the answer that is made from it.
	 * @param size the length of a message, in bytes
	 * @param count how many messages there are
	 * @param reported whether the answer has the replies
	 * @return the estimate, in bytes
	 */
	static long heapOf(int size, int count, boolean reported) {
		long text = reported ? Math.min((long) size * count, REPORTED_CHARACTERS) : 0;
		return (long) COPIES * size + REPORTED_BYTE * text + (long) REPORTED_MESSAGE * count;
	}

	/**
	 * Sends the first message.
	 * @return completes with the report; cancelling it ends the run
	 */
	CompletableFuture<Report> start() {
		next();
		return this.done;
	}

	/**
	 * Sends the next message. It loops while replies are there already: recursion would
	 * use up the stack.
	 */
	private void next() {
		while (this.messages.size() < this.count && !this.done.isDone()) {
			long left = TIME_LIMIT.toNanos() - (System.nanoTime() - this.startNanos);
			if (left <= 0) {
				break;
			}
			int sequence = this.messages.size();
			byte[] text = (this.message != null) ? this.message : ProbePayload.of(sequence, this.size);
			CompletableFuture<EchoReply> reply = this.client.send(text).orTimeout(left, TimeUnit.NANOSECONDS);
			if (!reply.isDone()) {
				reply.handleAsync((echoed, failure) -> {
					ended(sequence, echoed, failure);
					next();
					return true;
				}, REPLIES).exceptionally(this.done::completeExceptionally);
				return;
			}
			ended(sequence, reply.isCompletedExceptionally() ? null : reply.getNow(null),
					reply.isCompletedExceptionally() ? reply.exceptionNow() : null);
		}
		this.done.complete(report());
	}

	private void ended(int sequence, @Nullable EchoReply reply, @Nullable Throwable failure) {
		if (reply != null) {
			this.messages.add(new Message(sequence, reply.message().length,
					TimeUnit.NANOSECONDS.toMicros(reply.roundTrip().toNanos()), text(reply), null));
			return;
		}
		SocketError why = (failure == null) ? SocketError.UNKNOWN
				: (failure instanceof TimeoutException) ? SocketError.REPLY_TIMED_OUT : EchoException.errorOf(failure);
		if (this.error == null) {
			this.error = why;
		}
		this.messages.add(new Message(sequence, this.size, null, null, why.tag()));
	}

	private @Nullable String text(EchoReply reply) {
		if (this.message == null || this.reportedCharacters + reply.message().length > REPORTED_CHARACTERS) {
			return null;
		}
		this.reportedCharacters += reply.message().length;
		return new String(reply.message(), StandardCharsets.UTF_8);
	}

	private Report report() {
		LongSummaryStatistics times = new LongSummaryStatistics();
		for (Message sent : this.messages) {
			if (sent.rttMicros() != null) {
				times.accept(sent.rttMicros());
			}
		}
		boolean any = times.getCount() > 0;
		Summary summary = new Summary(this.messages.size(), (int) times.getCount(),
				this.messages.size() - (int) times.getCount(), any ? times.getMin() : null,
				any ? Math.round(times.getAverage()) : null, any ? times.getMax() : null,
				(this.error != null) ? this.error.tag() : null);
		return new Report(this.client.name(), this.messages, summary);
	}

	/**
	 * The report of a call.
	 *
	 * @param client the client's name
	 * @param messages the messages
	 * @param summary the figures of all messages
	 */
	record Report(String client, List<Message> messages, Summary summary) {
	}

	/**
	 * A message.
	 *
	 * @param sequence its number, from 0
	 * @param bytes its length
	 * @param rttMicros the round trip, in microseconds
	 * @param reply the reply, if the request had a message
	 * @param error why there was no reply
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Message(int sequence, int bytes, @Nullable Long rttMicros, @Nullable String reply, @Nullable String error) {
	}

	/**
	 * The figures of all messages.
	 *
	 * @param sent how many were sent
	 * @param received how many were echoed
	 * @param lost how many were not
	 * @param minMicros the shortest round trip, in microseconds
	 * @param avgMicros the mean round trip, in microseconds
	 * @param maxMicros the longest round trip, in microseconds
	 * @param error the first error
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Summary(int sent, int received, int lost, @Nullable Long minMicros, @Nullable Long avgMicros,
			@Nullable Long maxMicros, @Nullable String error) {
	}

}
