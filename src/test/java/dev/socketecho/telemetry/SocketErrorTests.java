package dev.socketecho.telemetry;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Map;
import java.util.stream.Stream;

import dev.socketecho.testing.ClosedPort;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import javax.net.ssl.SSLException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests of {@link SocketError} and {@link CloseReason}.
 */
class SocketErrorTests {

	/**
	 * Netty's class of errors can be used only once its native library is loaded.
	 */
	@BeforeAll
	static void loadNativeLibrary() {
		assertThat(Epoll.isAvailable()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "1, PERMISSION_DENIED", "13, PERMISSION_DENIED", "23, TOO_MANY_OPEN_FILES", "24, TOO_MANY_OPEN_FILES",
			"32, CONNECTION_RESET", "90, MESSAGE_TOO_LONG", "98, ADDRESS_ALREADY_IN_USE", "99, ADDRESS_NOT_AVAILABLE",
			"101, NETWORK_UNREACHABLE", "103, CONNECTION_ABORTED", "104, CONNECTION_RESET", "110, CONNECTION_TIMED_OUT",
			"111, CONNECTION_REFUSED", "113, HOST_UNREACHABLE", "5, UNKNOWN" })
	void classifiesErrorsOfNativeTransports(int errno, SocketError error) {
		assertThat(SocketError.of(new NativeIoException("some call", -errno, false))).isEqualTo(error);
	}

	static Stream<Arguments> exceptions() {
		return Stream.of(Arguments.of(new BindException("Address already in use"), SocketError.ADDRESS_ALREADY_IN_USE),
				Arguments.of(new BindException("Cannot assign requested address"), SocketError.ADDRESS_NOT_AVAILABLE),
				Arguments.of(new SocketException("Permission denied"), SocketError.PERMISSION_DENIED),
				Arguments.of(new ConnectException("Connection refused"), SocketError.CONNECTION_REFUSED),
				Arguments.of(new ConnectException("Connection refused: localhost/127.0.0.1:1"),
						SocketError.CONNECTION_REFUSED),
				Arguments.of(new ConnectException("connect(..) failed with error(-111): Verbindungsaufbau abgelehnt"),
						SocketError.CONNECTION_REFUSED),
				Arguments.of(new SocketException("Connection reset"), SocketError.CONNECTION_RESET),
				Arguments.of(new IOException("Connection reset by peer"), SocketError.CONNECTION_RESET),
				Arguments.of(new IOException("Broken pipe"), SocketError.CONNECTION_RESET),
				Arguments.of(new SocketException("Software caused connection abort"), SocketError.CONNECTION_ABORTED),
				Arguments.of(new ConnectException("Connection timed out"), SocketError.CONNECTION_TIMED_OUT),
				Arguments.of(new SocketTimeoutException("Connect timed out"), SocketError.CONNECTION_TIMED_OUT),
				Arguments.of(new SocketException("Network is unreachable"), SocketError.NETWORK_UNREACHABLE),
				Arguments.of(new NoRouteToHostException("No route to host"), SocketError.HOST_UNREACHABLE),
				Arguments.of(new NoRouteToHostException(), SocketError.HOST_UNREACHABLE),
				Arguments.of(new SocketException("No route to host"), SocketError.HOST_UNREACHABLE),
				Arguments.of(new SocketException("Host is unreachable"), SocketError.HOST_UNREACHABLE),
				Arguments.of(new SocketException("Too many open files"), SocketError.TOO_MANY_OPEN_FILES),
				Arguments.of(new IOException("Message too long"), SocketError.MESSAGE_TOO_LONG),
				Arguments.of(new UnknownHostException("Permission denied: name of a host"), SocketError.HOST_NOT_FOUND),
				Arguments.of(new ConnectTimeoutException("connection timed out after 5000 ms"),
						SocketError.CONNECTION_TIMED_OUT),
				Arguments.of(new ClosedChannelException(), SocketError.CONNECTION_ABORTED),
				Arguments.of(new TooLongFrameException("too long"), SocketError.MESSAGE_TOO_LONG),
				Arguments.of(new CorruptedFrameException("garbage"), SocketError.PROTOCOL_ERROR),
				Arguments.of(new DecoderException("garbage"), SocketError.PROTOCOL_ERROR),
				Arguments.of(new DecoderException(new IOException("Broken pipe")), SocketError.CONNECTION_RESET),
				Arguments.of(
						new DecoderException(new SSLException(
								new SSLException("error:10000416:SSL routines::SSLV3_ALERT_CERTIFICATE_UNKNOWN"))),
						SocketError.CERTIFICATE_UNTRUSTED),
				Arguments.of(new DecoderException(new SSLException("error:1e000065:Cipher functions::BAD_DECRYPT")),
						SocketError.PROTOCOL_ERROR),
				Arguments.of(new IllegalStateException(new RuntimeException(new UnknownHostException())),
						SocketError.HOST_NOT_FOUND),
				Arguments.of(new IOException((String) null), SocketError.UNKNOWN),
				Arguments.of(new IOException("something else"), SocketError.UNKNOWN),
				Arguments.of(new IllegalStateException("Connection refused"), SocketError.UNKNOWN),
				Arguments.of(new StackOverflowError(), SocketError.UNKNOWN));
	}

	@ParameterizedTest
	@MethodSource("exceptions")
	void classifiesExceptions(Throwable thrown, SocketError error) {
		assertThat(SocketError.of(thrown)).isEqualTo(error);
	}

	/**
	 * Netty's message has the errno and then the text of the operating system, in its
	 * language.
	 */
	@Test
	void classifiesNettysFailedConnectsByErrno() {
		assertThat(SocketError
			.of(new ConnectException("connect(..) failed with error(-111): Verbindungsaufbau abgelehnt")))
			.isEqualTo(SocketError.CONNECTION_REFUSED);
		assertThat(SocketError.of(new ConnectException("connect(..) failed with error(-5): Connection refused")))
			.isEqualTo(SocketError.UNKNOWN);
	}

	@Test
	void classifiesWhatTheJdkThrowsOnThisMachine() throws Exception {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				ServerSocket second = new ServerSocket();
				ServerSocket third = new ServerSocket()) {
			assertThat(SocketError.of(catchThrowable(() -> second.bind(taken.getLocalSocketAddress()))))
				.isEqualTo(SocketError.ADDRESS_ALREADY_IN_USE);
			assertThat(SocketError.of(catchThrowable(() -> third.bind(new InetSocketAddress("192.0.2.1", 0)))))
				.isEqualTo(SocketError.ADDRESS_NOT_AVAILABLE);
		}
		InetSocketAddress closed = new InetSocketAddress("127.0.0.1", ClosedPort.hold());
		try (Socket socket = new Socket()) {
			assertThat(SocketError.of(catchThrowable(() -> socket.connect(closed))))
				.isEqualTo(SocketError.CONNECTION_REFUSED);
		}
	}

	/**
	 * In the language that the tests run in, which may be any.
	 */
	@Test
	void knowsTheTextsOfTheSystem() {
		Map<String, SocketError> texts = ErrorTexts.ofProcess();
		assertThat(texts).hasSizeGreaterThan(10)
			.allSatisfy((text, error) -> assertThat(SocketError.of(new IOException(text))).isEqualTo(error));
	}

	@Test
	void hasTheErrorsOfTheContract() {
		assertThat(SocketError.values()).extracting(SocketError::tag)
			.containsExactlyInAnyOrder("address_already_in_use", "address_not_available", "permission_denied",
					"host_not_found", "connection_refused", "connection_reset", "connection_aborted",
					"connection_timed_out", "reply_timed_out", "network_unreachable", "host_unreachable",
					"too_many_open_files", "message_too_long", "tls_handshake_failed", "certificate_expired",
					"certificate_untrusted", "certificate_name_mismatch", "certificate_required", "protocol_error",
					"corrupted_reply", "operation_aborted", "unknown");
	}

	@Test
	void hasTheCloseReasonsOfTheContract() {
		assertThat(CloseReason.values()).extracting(CloseReason::tag)
			.containsExactlyInAnyOrder("client_closed", "reply_complete", "idle_timeout", "message_too_long",
					"max_connections", "max_connections_per_source", "accept_rate", "denied", "proxy_protocol",
					"tls_handshake_failed", "connection_reset", "shutdown", "operator", "fault", "protocol_error",
					"error");
	}

}
