package dev.socketecho.transport.loop;

import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.IntStream;

import dev.socketecho.testing.DnsPeer;
import dev.socketecho.transport.tcp.ClientSockets;
import io.netty.channel.ConnectTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import javax.net.ssl.SSLHandshakeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests {@link ConnectAttempt} with hosts that have several addresses, of which some
 * hang, fail or answer (RFC 8305).
 */
class ConnectAttemptTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private DnsPeer names;

	private EventLoops eventLoops;

	private final List<String> tried = new CopyOnWriteArrayList<>();

	private final Map<String, CompletableFuture<String>> attempts = new ConcurrentHashMap<>();

	private final List<String> discarded = new CopyOnWriteArrayList<>();

	@BeforeEach
	void start() throws Exception {
		this.names = new DnsPeer();
		this.eventLoops = ClientSockets.lookingUpAt(this.names, 1);
	}

	@AfterEach
	void close() {
		this.eventLoops.close();
		this.names.close();
	}

	@Test
	void nextAddressIsTriedWhileTheFirstHangs() throws Exception {
		CompletableFuture<String> result = connect(2, LONG,
				(address) -> address.endsWith(".1") ? new CompletableFuture<>() : done(address));
		// Well before the time limit.
		assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.1.2");
		await().untilAsserted(() -> assertThat(this.attempts.get("127.0.1.1")).isCancelled());
	}

	@Test
	void firstAddressIsTakenIfItAnswersAfterTheNextWasTried() throws Exception {
		CompletableFuture<String> result = connect(2, LONG, (_) -> new CompletableFuture<>());
		await().untilAsserted(() -> assertThat(this.attempts).hasSize(2));
		this.eventLoops.next().execute(() -> this.attempts.get("127.0.1.1").complete("first"));
		assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("first");
		await().untilAsserted(() -> assertThat(this.attempts.get("127.0.1.2")).isCancelled());
	}

	@Test
	void nextAddressIsTriedAtOnceWhenOneFails() throws Exception {
		CompletableFuture<String> result = connect(4, LONG, (address) -> address.endsWith(".4") ? done(address)
				: CompletableFuture.failedFuture(new ConnectException("refused")));
		assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.1.4");
		assertThat(this.tried).hasSize(4);
	}

	@Test
	void connectorThatThrowsIsAFailureOfItsAddress() throws Exception {
		CompletableFuture<String> result = connect(2, LONG, (address) -> {
			if (address.endsWith(".1")) {
				throw new OutOfMemoryError("no direct memory");
			}
			return done(address);
		});
		assertThat(result.get(10, TimeUnit.SECONDS)).isEqualTo("127.0.1.2");
	}

	@Test
	void everyAddressHasItsShareOfAShortTime() {
		CompletableFuture<String> result = connect(3, Duration.ofMillis(150), (_) -> new CompletableFuture<>());
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(ConnectTimeoutException.class);
		assertThat(this.tried).hasSize(3);
		await().untilAsserted(() -> assertThat(this.attempts.values()).allMatch(CompletableFuture::isCancelled));
	}

	@Test
	void attemptsUnderWayAreBoundedAndAllAddressesAreTried() {
		List<Integer> underWay = new CopyOnWriteArrayList<>();
		CompletableFuture<String> result = connect(10, LONG, (_) -> {
			underWay.add(1 + (int) this.attempts.values().stream().filter((attempt) -> !attempt.isDone()).count());
			return new CompletableFuture<>();
		});
		await().until(() -> this.tried.size() == 10);
		result.cancel(false);
		assertThat(underWay).hasSize(10).allMatch((count) -> count <= ConnectAttempt.MOST_UNDER_WAY);
	}

	@Test
	void allFailuresFailWithTheLast() {
		CompletableFuture<String> result = connect(2, LONG,
				(address) -> CompletableFuture.failedFuture(new ConnectException(address)));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(10, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(ConnectException.class)
			.withMessage("127.0.1.2");
	}

	@Test
	void failureOfTlsIsFinalAndEndsTheOthers() {
		CompletableFuture<String> result = connect(3, LONG, (address) -> address.endsWith(".1")
				? new CompletableFuture<>() : CompletableFuture.failedFuture(new SSLHandshakeException("untrusted")));
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(() -> result.get(10, TimeUnit.SECONDS))
			.withCauseInstanceOf(SSLHandshakeException.class);
		assertThat(this.tried).hasSize(2);
		await().untilAsserted(() -> assertThat(this.attempts.get("127.0.1.1")).isCancelled());
	}

	/**
	 * A thread that is not the event loop ends the attempt, as a probe's timeout does.
	 */
	@Test
	void whatIsOpenedWhenTheTimeIsOverIsClosed() throws Exception {
		CountDownLatch opening = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		CompletableFuture<String> result = connect(1, LONG, (address) -> {
			opening.countDown();
			awaitQuietly(over);
			return done(address);
		});
		assertThat(opening.await(10, TimeUnit.SECONDS)).isTrue();
		result.completeExceptionally(new TimeoutException());
		over.countDown();
		await().untilAsserted(() -> assertThat(this.discarded).containsExactly("127.0.1.1"));
	}

	@Test
	void attemptThatIsUnderWayWhenTheTimeIsOverIsGivenUp() throws Exception {
		CountDownLatch opening = new CountDownLatch(1);
		CountDownLatch over = new CountDownLatch(1);
		CompletableFuture<String> result = connect(3, LONG, (_) -> {
			opening.countDown();
			awaitQuietly(over);
			return new CompletableFuture<>();
		});
		assertThat(opening.await(10, TimeUnit.SECONDS)).isTrue();
		result.cancel(false);
		over.countDown();
		await().untilAsserted(() -> assertThat(this.attempts).hasSize(1)
			.allSatisfy((_, attempt) -> assertThat(attempt).isCancelled()));
	}

	@Test
	void familiesTakeTurns() {
		List<InetSocketAddress> addresses = Arrays.asList("127.0.0.1", "127.0.0.2", "127.0.0.3", "::1", "::2")
			.stream()
			.map((address) -> new InetSocketAddress(address, 7))
			.toList();
		List<String> byTurns = new ArrayList<>();
		HostResolver.familiesByTurns(addresses)
			.forEach((address) -> byTurns.add(address.getAddress().getHostAddress()));
		assertThat(byTurns).containsExactly("127.0.0.1", "0:0:0:0:0:0:0:1", "127.0.0.2", "0:0:0:0:0:0:0:2",
				"127.0.0.3");
	}

	private CompletableFuture<String> connect(int addresses, Duration limit,
			Function<String, CompletableFuture<String>> connector) {
		this.names.with("host.test",
				IntStream.rangeClosed(1, addresses).mapToObj((i) -> "127.0.1." + i).toArray(String[]::new));
		return new ConnectAttempt<String>(this.eventLoops.next(), this.eventLoops.resolver(), (remote, _) -> {
			String address = remote.getAddress().getHostAddress();
			this.tried.add(address);
			CompletableFuture<String> attempt = connector.apply(address);
			this.attempts.put(address, attempt);
			return attempt;
		}, this.discarded::add).start("host.test", 7, null, 0, limit);
	}

	private static CompletableFuture<String> done(String address) {
		return CompletableFuture.completedFuture(address);
	}

	private static void awaitQuietly(CountDownLatch latch) {
		try {
			latch.await(10, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
