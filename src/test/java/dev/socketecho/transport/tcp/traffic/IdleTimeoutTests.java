package dev.socketecho.transport.tcp.traffic;

import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.transport.tcp.RecordingTcpServerRecorder;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class IdleTimeoutTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private final AtomicInteger reports = new AtomicInteger();

	private final EmbeddedChannel channel = new EmbeddedChannel();

	private final ConnectionTraffic traffic = new ConnectionTraffic(new RecordingTcpServerRecorder(), now());

	private final IdleTimeout timeout = new IdleTimeout(this.channel, this.traffic, 8 * SECOND,
			this.reports::incrementAndGet);

	@BeforeEach
	void setUp() {
		this.channel.freezeTime();
		this.traffic.active(now());
		this.timeout.start();
	}

	@AfterEach
	void tearDown() {
		this.channel.releaseOutbound();
		this.channel.finishAndReleaseAll();
	}

	@Test
	void reportsConnectionOnWhichNothingMoves() {
		pass(7.9);
		assertThat(this.reports).hasValue(0);
		pass(0.1);
		assertThat(this.reports).hasValue(1);
	}

	@Test
	void countsFromTheLastRead() {
		pass(5);
		this.traffic.active(now());
		pass(7.9);
		assertThat(this.reports).hasValue(0);
		pass(0.1);
		assertThat(this.reports).hasValue(1);
	}

	@Test
	void waitsForPeerThatTakesItsAnswersSlowly() {
		this.channel.write(Unpooled.wrappedBuffer(new byte[20]));
		ChannelOutboundBuffer queue = Objects.requireNonNull(this.channel.unsafe().outboundBuffer());
		queue.addFlush();
		pass(1);
		this.traffic.active(now());
		pass(7);
		for (int i = 0; i < 10; i++) {
			queue.removeBytes(1);
			pass(7);
		}
		assertThat(this.reports).hasValue(0);
		pass(8);
		assertThat(this.reports).hasValue(1);
	}

	@Test
	void leavesNothingBehind() {
		this.timeout.stop();
		pass(0);
		assertThat(this.channel.runScheduledPendingTasks()).isEqualTo(-1);
		assertThat(this.reports).hasValue(0);
	}

	private void pass(double seconds) {
		this.channel.advanceTimeBy((long) (seconds * SECOND), TimeUnit.NANOSECONDS);
		this.channel.runScheduledPendingTasks();
	}

	private long now() {
		return this.channel.eventLoop().ticker().nanoTime();
	}

}
