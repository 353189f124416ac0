package dev.socketecho.transport;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;

import dev.socketecho.codec.Framing;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests of sockets that are handed over. This process plays the service manager, too.
 */
class InheritedSocketTests {

	private static final long PID = ProcessHandle.current().pid();

	private @Nullable Socket listening;

	private int port;

	@BeforeEach
	void listen() throws IOException {
		assumeTrue(Epoll.isAvailable(), "no epoll");
		this.listening = Socket.newSocketStream();
		this.listening.bind(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0));
		this.listening.listen(16);
		this.port = this.listening.localAddress().getPort();
	}

	@AfterEach
	void close() throws IOException {
		if (this.listening != null && this.listening.isOpen()) {
			this.listening.close();
		}
	}

	@Test
	void isTakenByItsNameOnce() {
		InheritedSockets sockets = handedOver("1", "one:test");
		assertThat(sockets.takeTcp("test", 0)).isNull();
		assertThat(sockets.takeTcp("one", 0)).isEqualTo(this.listening.intValue());
		assertThat(sockets.takeTcp("one", 0)).isNull();
	}

	@Test
	void isTakenByItsPortWithoutAName() {
		for (String names : new String[] { "", "socket-echo.socket" }) {
			InheritedSockets sockets = handedOver("1", names);
			assertThat(sockets.takeTcp("test", this.port + 1)).isNull();
			assertThat(sockets.takeTcp("test", this.port)).isEqualTo(this.listening.intValue());
		}
	}

	@Test
	void isNotTakenByAnotherProcessOrWithoutANumber() {
		int fd = this.listening.intValue();
		Map<String, String> others = Map.of("LISTEN_FDS", "1", "LISTEN_PID", "1");
		assertThat(InheritedSockets.of(others, PID, fd).takeTcp("test", this.port)).isNull();
		assertThat(InheritedSockets.of(Map.of(), PID, fd).takeTcp("test", this.port)).isNull();
		assertThat(handedOver("one", "").takeTcp("test", this.port)).isNull();
	}

	@Test
	void servesConnectionsThatCameBeforeItWasTaken() throws IOException {
		try (TestClient early = new TestClient("127.0.0.1", this.port)) {
			early.send("early");
			try (TestServer server = adopt(TransportType.EPOLL); TestClient late = server.connect()) {
				this.listening = null; // the server closes it
				assertThat(server.factory.getPort()).isEqualTo(this.port);
				assertThat(early.read(5)).isEqualTo("early");
				late.send("late");
				assertThat(late.read(4)).isEqualTo("late");
				assertThat(server.recorder.opened).hasValue(2);
			}
		}
	}

	@Test
	void failsTheStartWithATransportThatCannotTakeIt() {
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> adopt(TransportType.NIO).close())
			.havingRootCause()
			.withMessageContaining("epoll");
	}

	private TestServer adopt(TransportType transport) {
		return TestServer.start(Framing.NONE, (spec) -> {
			spec.transport = transport;
			spec.port = this.port;
			spec.inheritedSockets = handedOver("1", "test");
		});
	}

	private InheritedSockets handedOver(String count, String names) {
		Map<String, String> environment = Map.of("LISTEN_FDS", count, "LISTEN_PID", Long.toString(PID),
				"LISTEN_FDNAMES", names);
		return InheritedSockets.of(environment, PID, this.listening.intValue());
	}

}
