package dev.socketecho.transport.direct;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests {@link StreamCalls}.
 */
class StreamCallsTests {

	private static final int SIZE = 64 * 1024;

	private final ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer(SIZE, SIZE);

	private Socket socket;

	private java.net.Socket peer;

	@BeforeEach
	void connect() throws IOException {
		assumeThat(Epoll.isAvailable() && StreamCalls.isAvailable()).isTrue();
		try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			this.socket = Socket.newSocketStream();
			if (!this.socket.connect(new InetSocketAddress(listener.getInetAddress(), listener.getLocalPort()))) {
				await().atMost(Duration.ofSeconds(5)).until(this.socket::finishConnect);
			}
			this.peer = listener.accept();
		}
	}

	@AfterEach
	void close() throws IOException {
		this.buffer.release();
		if (this.socket != null) {
			this.socket.close();
			this.peer.close();
		}
	}

	@Test
	void receivesWhatHasCome() throws IOException {
		assertThat(receive(SIZE)).isNegative();
		this.peer.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
		await().atMost(Duration.ofSeconds(5)).until(() -> receive(4) == 4);
		assertThat(this.buffer.toString(0, 4, StandardCharsets.US_ASCII)).isEqualTo("hell");
		assertThat(receive(SIZE)).isEqualTo(1);
		assertThat(this.buffer.getByte(0)).isEqualTo((byte) 'o');
	}

	@Test
	void receivesNothingAtTheEndOfInput() throws IOException {
		this.peer.shutdownOutput();
		await().atMost(Duration.ofSeconds(5)).until(() -> receive(SIZE) == 0);
		assertThat(receive(SIZE)).isZero();
	}

	@Test
	void tellsAResetFromTheEndOfInput() throws IOException {
		this.peer.setSoLinger(true, 0);
		this.peer.close();
		List<Integer> results = new ArrayList<>();
		await().atMost(Duration.ofSeconds(5))
			.until(() -> results.add(receive(SIZE)) && !NativeCalls.isForNow(results.getLast()));
		assertThat(results.getLast()).isEqualTo(Errors.ERRNO_ECONNRESET_NEGATIVE);
		assertThat(receive(SIZE)).isZero();
	}

	@Test
	void sendsAsMuchAsTheSocketTakes() throws IOException {
		this.buffer.setCharSequence(0, "hello", StandardCharsets.US_ASCII);
		assertThat(send(5)).isEqualTo(5);
		assertThat(this.peer.getInputStream().readNBytes(5)).asString(StandardCharsets.US_ASCII).isEqualTo("hello");
		int last = send(SIZE);
		for (int sent = last; sent >= 0; sent = send(SIZE)) {
			assertThat(sent).isPositive();
		}
		assertThat(last).isEqualTo(SIZE);
	}

	@Test
	void failsWhereThePeerHasReset() throws IOException {
		this.peer.setSoLinger(true, 0);
		this.peer.close();
		await().atMost(Duration.ofSeconds(5)).until(() -> send(1) < 0);
		assertThat(send(1)).isNegative();
	}

	private int receive(int size) {
		return StreamCalls.receive(this.socket.intValue(), this.buffer.memoryAddress(), size);
	}

	private int send(int size) {
		return StreamCalls.send(this.socket.intValue(), this.buffer.memoryAddress(), size);
	}

}
