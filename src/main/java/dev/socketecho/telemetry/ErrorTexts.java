package dev.socketecho.telemetry;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.Charset;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Finds the {@link SocketError} of an exception that tells its errno only by the text of
 * {@code strerror}, as most of the JDK's do. That text is in the language of the process
 * ({@code LANG}), so the operating system is asked for it.
 */
final class ErrorTexts {

	/** Netty's message of a connection that was not made. */
	private static final Pattern NETTY_CONNECT = Pattern.compile("failed with error\\(-(\\d{1,4})\\)");

	/**
	 * English texts: the JDK's own, and those of operating systems other than Linux.
	 */
	private static final Map<String, SocketError> ENGLISH = Map.ofEntries(
			Map.entry("address already in use", SocketError.ADDRESS_ALREADY_IN_USE),
			Map.entry("assign requested address", SocketError.ADDRESS_NOT_AVAILABLE),
			Map.entry("permission denied", SocketError.PERMISSION_DENIED),
			Map.entry("connection refused", SocketError.CONNECTION_REFUSED),
			Map.entry("connection reset", SocketError.CONNECTION_RESET),
			Map.entry("broken pipe", SocketError.CONNECTION_RESET),
			Map.entry("connection abort", SocketError.CONNECTION_ABORTED),
			Map.entry("timed out", SocketError.CONNECTION_TIMED_OUT),
			Map.entry("network is unreachable", SocketError.NETWORK_UNREACHABLE),
			Map.entry("no route to host", SocketError.HOST_UNREACHABLE),
			Map.entry("host is unreachable", SocketError.HOST_UNREACHABLE),
			Map.entry("too many open files", SocketError.TOO_MANY_OPEN_FILES),
			Map.entry("message too long", SocketError.MESSAGE_TOO_LONG));

	private ErrorTexts() {
	}

	/**
	 * Finds the error that a message is about.
	 * @param message the message of an exception
	 * @return the error, {@code null} if the message is about none
	 */
	static @Nullable SocketError find(@Nullable String message) {
		if (message == null) {
			return null;
		}
		Matcher connect = NETTY_CONNECT.matcher(message);
		if (connect.find()) {
			return SocketError.BY_ERRNO.get(Integer.valueOf(connect.group(1)));
		}
		SocketError error = find(message, ENGLISH);
		return (error != null) ? error : find(message, ofProcess());
	}

	/**
	 * Finds the error that a message is about.
	 * @param message the message of an exception
	 * @param texts parts of messages, in lower case, and their errors
	 * @return the error, {@code null} if no part is in the message
	 */
	static @Nullable SocketError find(@Nullable String message, Map<String, SocketError> texts) {
		if (message == null) {
			return null;
		}
		String text = message.toLowerCase(Locale.ROOT);
		for (Map.Entry<String, SocketError> entry : texts.entrySet()) {
			if (text.contains(entry.getKey())) {
				return entry.getValue();
			}
		}
		return null;
	}

	/**
	 * Returns the operating system's texts in the language of the process.
	 * @return errors by their texts in lower case; empty where native code is denied, and
	 * elsewhere than on Linux
	 */
	static Map<String, SocketError> ofProcess() {
		return OfThisProcess.TEXTS;
	}

	/**
	 * The texts in the language of the process. Read once, when no English text matches.
	 */
	private static final class OfThisProcess {

		private static final Map<String, SocketError> TEXTS = read();

		@SuppressWarnings("restricted") // native access is granted by the manifest
		private static Map<String, SocketError> read() {
			Map<String, SocketError> texts = new HashMap<>();
			if (System.getProperty("os.name").equals("Linux")) {
				try {
					Linker linker = Linker.nativeLinker();
					MethodHandle strerror = linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
							FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
					Charset charset = Charset.forName(System.getProperty("sun.jnu.encoding"));
					for (Map.Entry<Integer, SocketError> entry : SocketError.BY_ERRNO.entrySet()) {
						MemorySegment text = (MemorySegment) strerror.invokeExact(entry.getKey().intValue());
						texts.put(text.reinterpret(Long.MAX_VALUE).getString(0, charset).toLowerCase(Locale.ROOT),
								entry.getValue());
					}
				}
				catch (Throwable ex) {
					// Without native access, only the English texts are known.
					return Map.of();
				}
			}
			return Map.copyOf(texts);
		}

	}

}
