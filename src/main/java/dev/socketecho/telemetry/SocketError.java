package dev.socketecho.telemetry;

import java.io.IOException;
import java.net.NoRouteToHostException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

/**
 * What goes wrong with sockets, by one name in meters, health, HTTP and logs, whatever
 * reports it: the errno of the native transports, the JDK's exceptions or Netty's.
 */
public enum SocketError {

	ADDRESS_ALREADY_IN_USE, ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED, HOST_NOT_FOUND, CONNECTION_REFUSED,
	CONNECTION_RESET, CONNECTION_ABORTED, CONNECTION_TIMED_OUT, REPLY_TIMED_OUT, NETWORK_UNREACHABLE, HOST_UNREACHABLE,
	TOO_MANY_OPEN_FILES, MESSAGE_TOO_LONG, TLS_HANDSHAKE_FAILED, CERTIFICATE_EXPIRED, CERTIFICATE_UNTRUSTED,
	CERTIFICATE_NAME_MISMATCH, CERTIFICATE_REQUIRED, PROTOCOL_ERROR, CORRUPTED_REPLY, OPERATION_ABORTED, UNKNOWN;

	/**
	 * By Linux's errno, as Netty's native transports report it.
	 */
	static final Map<Integer, SocketError> BY_ERRNO = Map.ofEntries(Map.entry(1, PERMISSION_DENIED),
			Map.entry(13, PERMISSION_DENIED), Map.entry(23, TOO_MANY_OPEN_FILES), Map.entry(24, TOO_MANY_OPEN_FILES),
			Map.entry(32, CONNECTION_RESET), Map.entry(90, MESSAGE_TOO_LONG), Map.entry(97, NETWORK_UNREACHABLE),
			Map.entry(98, ADDRESS_ALREADY_IN_USE), Map.entry(99, ADDRESS_NOT_AVAILABLE),
			Map.entry(101, NETWORK_UNREACHABLE), Map.entry(103, CONNECTION_ABORTED), Map.entry(104, CONNECTION_RESET),
			Map.entry(110, CONNECTION_TIMED_OUT), Map.entry(111, CONNECTION_REFUSED), Map.entry(113, HOST_UNREACHABLE));

	private final String tag = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the value of the {@code error} tag.
	 * @return the lower-case name
	 */
	public String tag() {
		return this.tag;
	}

	/**
	 * Classifies an exception by itself or, where that is not possible, by its causes.
	 * @param thrown the exception
	 * @return the error, {@link #UNKNOWN} if there is none for it
	 */
	public static SocketError of(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			SocketError error = ofOne(cause);
			if (error != null) {
				return error;
			}
		}
		return UNKNOWN;
	}

	/**
	 * Classifies the failure of a TLS handshake.
	 * @param thrown what ended the handshake
	 * @return the error, {@link #TLS_HANDSHAKE_FAILED} if nothing more exact is known
	 */
	public static SocketError ofHandshake(Throwable thrown) {
		return TlsErrors.ofHandshake(thrown);
	}

	private static @Nullable SocketError ofOne(Throwable thrown) {
		return switch (thrown) {
			case NativeIoException e -> BY_ERRNO.get(Math.abs(e.expectedErr()));
			case UnknownHostException _ -> HOST_NOT_FOUND;
			case ConnectTimeoutException _ -> CONNECTION_TIMED_OUT;
			case ClosedChannelException _ -> CONNECTION_ABORTED;
			case TooLongFrameException _ -> MESSAGE_TOO_LONG;
			case DecoderException e when e.getCause() == null -> PROTOCOL_ERROR;
			case PortUnreachableException _ -> CONNECTION_REFUSED;
			case SocketTimeoutException _ -> CONNECTION_TIMED_OUT;
			// Netty's native transports use it for unreachable networks too.
			case NoRouteToHostException e ->
				Objects.requireNonNullElse(ErrorTexts.find(e.getMessage()), HOST_UNREACHABLE);
			case UnresolvedAddressException _ -> HOST_NOT_FOUND;
			case UnsupportedAddressTypeException _ -> NETWORK_UNREACHABLE;
			case CancellationException _ -> OPERATION_ABORTED;
			case TimeoutException _ -> CONNECTION_TIMED_OUT;
			case SSLException e -> TlsErrors.of(e);
			case IOException e -> ErrorTexts.find(e.getMessage());
			default -> null;
		};
	}

}
