package dev.socketecho.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/**
 * A caller that sends lines without waiting for their echoes, up to a number of them,
 * until the server closes.
 */
final class PipeliningCaller implements AutoCloseable {

	private static final int OUTSTANDING = 100;

	private static final byte[] LINE = ("0123456789".repeat(20) + "\n").getBytes(StandardCharsets.US_ASCII);

	private final EchoClient client;

	private final Semaphore permits = new Semaphore(OUTSTANDING);

	private final CompletableFuture<Void> answered = new CompletableFuture<>();

	private final CompletableFuture<Void> sending;

	private final CompletableFuture<Long> received;

	private volatile boolean ended;

	private PipeliningCaller(EchoClient client, Executor executor) {
		this.client = client;
		this.sending = CompletableFuture.runAsync(this::send, executor);
		this.received = CompletableFuture.supplyAsync(this::receive, executor);
		this.received.exceptionally((failure) -> {
			this.answered.completeExceptionally(failure);
			return 0L;
		});
	}

	static PipeliningCaller connect(int port, Executor executor) throws IOException {
		return new PipeliningCaller(EchoClient.connect(port), executor);
	}

	/**
	 * Completes with the first answer.
	 */
	CompletableFuture<Void> answered() {
		return this.answered;
	}

	/**
	 * Completes when the server has closed, with the number of bytes that came back. They
	 * were compared with those that were sent. This side stays open.
	 */
	CompletableFuture<Long> received() {
		return this.received.thenCombine(this.sending, (bytes, _) -> bytes);
	}

	private void send() {
		try {
			while (!this.ended) {
				this.permits.acquireUninterruptibly();
				this.client.send(LINE);
			}
		}
		catch (IOException ex) {
			throw new CompletionException(ex);
		}
	}

	private long receive() {
		byte[] buffer = new byte[OUTSTANDING * LINE.length];
		long total = 0;
		try {
			for (int read = this.client.readSome(buffer); read >= 0; read = this.client.readSome(buffer)) {
				for (int i = 0; i < read; i++) {
					if (buffer[i] != LINE[(int) ((total + i) % LINE.length)]) {
						throw new AssertionError("byte " + (total + i) + " is " + buffer[i]);
					}
				}
				long lines = (total + read) / LINE.length - total / LINE.length;
				total += read;
				this.permits.release((int) lines);
				this.answered.complete(null);
			}
			return total;
		}
		catch (IOException ex) {
			throw new CompletionException(ex);
		}
		finally {
			this.ended = true;
			this.permits.release(OUTSTANDING);
		}
	}

	@Override
	public void close() throws IOException {
		this.client.close();
	}

}
