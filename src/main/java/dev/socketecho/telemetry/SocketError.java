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
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.unix.Errors.NativeIoException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLException;

/**
 * The one enumeration of what goes wrong with sockets, whatever reports it: the native
 * transports' errno, the JDK's exceptions or Netty's.
 */
public enum SocketError {

	ADDRESS_ALREADY_IN_USE, ADDRESS_NOT_AVAILABLE, PERMISSION_DENIED, HOST_NOT_FOUND, CONNECTION_REFUSED,
	CONNECTION_RESET, CONNECTION_ABORTED, CONNECTION_TIMED_OUT, REPLY_TIMED_OUT, NETWORK_UNREACHABLE, HOST_UNREACHABLE,
	TOO_MANY_OPEN_FILES, MESSAGE_TOO_LONG, TLS_HANDSHAKE_FAILED, CERTIFICATE_EXPIRED, CERTIFICATE_UNTRUSTED,
	CERTIFICATE_NAME_MISMATCH, CERTIFICATE_REQUIRED, PROTOCOL_ERROR, CORRUPTED_REPLY, OPERATION_ABORTED, UNKNOWN;

	/**
	 * Linux's numbers, as Netty's native transports report them.
	 */
	private static final Map<Integer, SocketError> BY_ERRNO = Map.ofEntries(Map.entry(1, PERMISSION_DENIED),
			Map.entry(13, PERMISSION_DENIED), Map.entry(23, TOO_MANY_OPEN_FILES), Map.entry(24, TOO_MANY_OPEN_FILES),
			Map.entry(32, CONNECTION_RESET), Map.entry(90, MESSAGE_TOO_LONG), Map.entry(97, NETWORK_UNREACHABLE),
			Map.entry(98, ADDRESS_ALREADY_IN_USE), Map.entry(99, ADDRESS_NOT_AVAILABLE),
			Map.entry(101, NETWORK_UNREACHABLE), Map.entry(103, CONNECTION_ABORTED), Map.entry(104, CONNECTION_RESET),
			Map.entry(110, CONNECTION_TIMED_OUT), Map.entry(111, CONNECTION_REFUSED), Map.entry(113, HOST_UNREACHABLE));

	/**
	 * How Netty writes the number into the text of an exception that has no field for it.
	 */
	private static final Pattern ERRNO_IN_TEXT = Pattern.compile("failed with error\\((-?\\d+)\\)");

	/**
	 * The JDK's exceptions have no number, only the operating system's text. These are
	 * the English ones.
	 */
	private static final Map<String, SocketError> BY_TEXT = Map.ofEntries(
			Map.entry("address already in use", ADDRESS_ALREADY_IN_USE),
			Map.entry("assign requested address", ADDRESS_NOT_AVAILABLE),
			Map.entry("permission denied", PERMISSION_DENIED), Map.entry("connection refused", CONNECTION_REFUSED),
			Map.entry("connection reset", CONNECTION_RESET), Map.entry("broken pipe", CONNECTION_RESET),
			Map.entry("connection abort", CONNECTION_ABORTED), Map.entry("timed out", CONNECTION_TIMED_OUT),
			Map.entry("network is unreachable", NETWORK_UNREACHABLE), Map.entry("no route to host", HOST_UNREACHABLE),
			Map.entry("host is unreachable", HOST_UNREACHABLE), Map.entry("too many open files", TOO_MANY_OPEN_FILES),
			Map.entry("message too long", MESSAGE_TOO_LONG));

	private final String tag = name().toLowerCase(Locale.ROOT);

	/**
	 * Returns the value of the {@code error} tag.
	 * @return the lower-case name
	 */
	public String tag() {
		return this.tag;
	}

	/**
	 * Classifies an exception by itself and, where that says nothing, by its causes.
	 * @param thrown what was thrown
	 * @return its class, {@link #UNKNOWN} if there is none
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
			case NoRouteToHostException e -> Objects.requireNonNullElse(ofText(e.getMessage()), HOST_UNREACHABLE);
			case UnresolvedAddressException _ -> HOST_NOT_FOUND;
			case UnsupportedAddressTypeException _ -> NETWORK_UNREACHABLE;
			case CancellationException _ -> OPERATION_ABORTED;
			case TimeoutException _ -> CONNECTION_TIMED_OUT;
			case SSLException e -> TlsErrors.of(e);
			case IOException e -> ofText(e.getMessage());
			default -> null;
		};
	}

	private static @Nullable SocketError ofText(@Nullable String message) {
		if (message == null) {
			return null;
		}
		Matcher number = ERRNO_IN_TEXT.matcher(message);
		if (number.find()) {
			return BY_ERRNO.get(Math.abs(Integer.parseInt(number.group(1))));
		}
		String text = message.toLowerCase(Locale.ROOT);
		SocketError english = find(BY_TEXT, text);
		return (english != null) ? english : find(Localized.BY_TEXT, text);
	}

	private static @Nullable SocketError find(Map<String, SocketError> byText, String text) {
		return byText.entrySet()
			.stream()
			.filter((entry) -> text.contains(entry.getKey()))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElse(null);
	}

	/**
	 * The texts in the language of the system. They are read when a text is not one of
	 * the English ones.
	 */
	private static final class Localized {

		private static final Map<String, SocketError> BY_TEXT = SystemErrorTexts
			.of(Map.ofEntries(Map.entry(13, PERMISSION_DENIED), Map.entry(24, TOO_MANY_OPEN_FILES),
					Map.entry(32, CONNECTION_RESET), Map.entry(90, MESSAGE_TOO_LONG),
					Map.entry(98, ADDRESS_ALREADY_IN_USE), Map.entry(99, ADDRESS_NOT_AVAILABLE),
					Map.entry(101, NETWORK_UNREACHABLE), Map.entry(103, CONNECTION_ABORTED),
					Map.entry(104, CONNECTION_RESET), Map.entry(110, CONNECTION_TIMED_OUT),
					Map.entry(111, CONNECTION_REFUSED), Map.entry(113, HOST_UNREACHABLE)));

	}

}
