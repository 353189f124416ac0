package dev.socketecho.web;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import com.jayway.jsonpath.JsonPath;
import dev.socketecho.telemetry.SocketError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Subscription;
import reactor.core.Disposable;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests {@link StatusStream} and {@link StatusReport}.
 */
class StatusStreamTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final Servers servers = new Servers();

	private final FailureLog failures = new FailureLog();

	private final StatusReport report = new StatusReport(Map.of("started", 42), List.of(this.servers), this.failures,
			() -> null);

	private final StatusStream stream = new StatusStream(this.report);

	@BeforeEach
	void start() {
		this.stream.start();
	}

	@AfterEach
	void stop() {
		this.stream.stop();
		this.stream.close();
	}

	@Test
	void everythingComesFirstAndThenWhatHasChanged() {
		this.servers.counts.set(List.of(1, 1));
		String first = text(this.report.next().whole());
		this.servers.counts.set(List.of(1, 2));
		this.failures.of("server", "tcp", "b").accept(SocketError.CONNECTION_RESET);
		String second = text(this.report.next().changes());
		String third = text(this.report.next().changes());
		assertThat(JsonPath.<List<Integer>>read(first, "$.servers[*].count")).containsExactly(1, 1);
		assertThat(JsonPath.<Integer>read(first, "$.started")).isEqualTo(42);
		assertThat(JsonPath.<Boolean>read(first, "$.whole")).isTrue();
		assertThat(JsonPath.<List<String>>read(second, "$.servers[*].key")).containsExactly("b");
		assertThat(JsonPath.<List<String>>read(second, "$.failures[*].error")).containsExactly("connection_reset");
		assertThat(third).isEqualTo("{}");
	}

	@Test
	void viewersShareTheWorkAndWithoutThemThereIsNone() {
		List<String> one = new CopyOnWriteArrayList<>();
		List<String> other = new CopyOnWriteArrayList<>();
		assertThat(this.servers.reads).hasValue(0);
		Disposable first = watch().subscribe((event) -> one.add(text(event)));
		await().atMost(TIMEOUT).until(() -> one.size() == 2);
		Disposable second = watch().subscribe((event) -> other.add(text(event)));
		await().atMost(TIMEOUT).until(() -> other.size() == 2);
		assertThat(other.getFirst()).contains("\"whole\":true");
		assertThat(other.get(1)).doesNotContain("whole");
		assertThat(this.stream.viewers()).isEqualTo(2);
		assertThat(this.servers.reads.get()).isLessThanOrEqualTo(one.size() + 1);
		first.dispose();
		second.dispose();
		assertThat(this.stream.viewers()).isZero();
		int reads = this.servers.reads.get();
		await().during(Duration.ofMillis(1200)).atMost(TIMEOUT).until(() -> this.servers.reads.get() <= reads + 1);
	}

	@Test
	void aViewerThatIsSlowGetsEverythingAgain() {
		List<String> events = new CopyOnWriteArrayList<>();
		BaseSubscriber<byte[]> slow = new BaseSubscriber<>() {
			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				subscription.request(1);
			}

			@Override
			protected void hookOnNext(byte[] event) {
				events.add(text(event));
			}
		};
		watch().subscribe(slow);
		await().atMost(TIMEOUT).until(() -> this.servers.reads.get() >= 4);
		slow.request(1);
		await().atMost(TIMEOUT).until(() -> events.size() == 2);
		assertThat(events).allSatisfy((event) -> assertThat(event).contains("\"whole\":true"));
		slow.cancel();
	}

	@Test
	void fiftyMayWatch() {
		List<Disposable> viewers = new ArrayList<>();
		IntStream.range(0, 50).forEach((_) -> viewers.add(watch().subscribe()));
		assertThat(this.stream.watch()).isNull();
		viewers.removeFirst().dispose();
		Flux<byte[]> last = watch();
		Flux<byte[]> beyond = watch();
		viewers.add(last.subscribe());
		assertThat(beyond.blockFirst(TIMEOUT)).as("somebody else was faster").isNull();
		viewers.forEach(Disposable::dispose);
		assertThat(this.stream.viewers()).isZero();
	}

	@Test
	void streamsEndWithTheService() {
		Flux<byte[]> events = watch();
		this.stream.stop();
		assertThat(events.collectList().block(TIMEOUT)).hasSizeLessThanOrEqualTo(1);
		assertThat(this.stream.watch()).isNull();
	}

	@Test
	void anErrorOfAReportIsNotTheEnd() {
		this.servers.failing = true;
		List<String> events = new CopyOnWriteArrayList<>();
		Disposable viewer = watch().subscribe((event) -> events.add(text(event)));
		await().atMost(TIMEOUT).until(() -> this.servers.reads.get() > 0);
		this.servers.failing = false;
		await().atMost(TIMEOUT).until(() -> !events.isEmpty());
		assertThat(events.getFirst()).contains("whole");
		viewer.dispose();
	}

	private Flux<byte[]> watch() {
		return Objects.requireNonNull(this.stream.watch());
	}

	private static String text(byte[] event) {
		String text = new String(event, StandardCharsets.UTF_8);
		assertThat(text).startsWith("data: ").endsWith("\n\n");
		return text.substring("data: ".length()).strip();
	}

	private static final class Servers implements StatusReport.Section {

		private final AtomicReference<List<Integer>> counts = new AtomicReference<>(List.of(0, 0));

		private final AtomicInteger reads = new AtomicInteger();

		private volatile boolean failing;

		@Override
		public String name() {
			return "servers";
		}

		@Override
		public List<Map<String, Object>> read(long nanos) {
			this.reads.incrementAndGet();
			if (this.failing) {
				throw new IllegalStateException("test");
			}
			List<Integer> now = this.counts.get();
			return List.of(Map.of(KEY, "a", "count", now.getFirst()), Map.of(KEY, "b", "count", now.getLast()));
		}

	}

}
