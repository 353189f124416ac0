package dev.socketecho.transport.loop;

import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.MockTicker;
import io.netty.util.concurrent.Ticker;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AvailableProcessorsChooserTests {

	private final EventExecutor[] executors = Stream.generate(() -> new DefaultEventExecutor())
		.limit(4)
		.toArray(EventExecutor[]::new);

	private final AtomicInteger processors = new AtomicInteger(4);

	private final MockTicker ticker = Ticker.newMockTicker();

	private final AvailableProcessorsChooser chooser = new AvailableProcessorsChooser(this.executors,
			this.processors::get, this.ticker);

	@AfterEach
	void stop() {
		for (EventExecutor executor : this.executors) {
			executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
		}
	}

	@Test
	void usesAllWhereEachHasAProcessor() {
		assertThat(chosen()).containsExactlyInAnyOrder(this.executors);
	}

	@Test
	void usesNoMoreThanThereAreExecutors() {
		this.processors.set(64);
		this.ticker.advance(2, TimeUnit.SECONDS);
		assertThat(chosen()).containsExactlyInAnyOrder(this.executors);
	}

	@Test
	void followsTheProcessorsDownAndUp() {
		this.processors.set(1);
		this.ticker.advance(2, TimeUnit.SECONDS);
		assertThat(chosen()).containsExactly(this.executors[0]);
		this.processors.set(3);
		this.ticker.advance(2, TimeUnit.SECONDS);
		assertThat(chosen()).containsExactlyInAnyOrder(this.executors[0], this.executors[1], this.executors[2]);
	}

	@Test
	void asksOnceASecondAtMost() {
		this.processors.set(1);
		this.ticker.advance(900, TimeUnit.MILLISECONDS);
		assertThat(chosen()).hasSize(4);
	}

	private Set<EventExecutor> chosen() {
		return IntStream.range(0, 12).mapToObj((_) -> this.chooser.next()).collect(Collectors.toSet());
	}

}
