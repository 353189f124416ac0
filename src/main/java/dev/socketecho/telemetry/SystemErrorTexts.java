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

import io.netty.util.internal.PlatformDependent;

/**
 * The texts of Linux's error numbers in the language of the system (strerror(3)). The
 * JDK's socket exceptions have that text and no number, so {@link SocketError} needs the
 * texts to recognize errors where the language is not English. Thread-safe.
 */
final class SystemErrorTexts {

	private static final int MAX_LENGTH = 1024;

	private SystemErrorTexts() {
	}

	/**
	 * Returns the texts of some errors.
	 * @param errors errors by their numbers
	 * @return the same errors by their texts in lower case; empty if this is not Linux or
	 * the C library cannot be called
	 */
	static Map<String, SocketError> of(Map<Integer, SocketError> errors) {
		Map<String, SocketError> byText = new HashMap<>();
		if (!PlatformDependent.normalizedOs().equals("linux")) {
			return byText;
		}
		try {
			MethodHandle strerror = strerror();
			Charset charset = Charset.forName(System.getProperty("native.encoding", "UTF-8"));
			for (Map.Entry<Integer, SocketError> error : errors.entrySet()) {
				MemorySegment text = (MemorySegment) strerror.invokeExact((int) error.getKey());
				byText.put(text(text, charset), error.getValue());
			}
		}
		catch (Throwable ex) {
			// Without the C library the English texts have to do.
		}
		return byText;
	}

	@SuppressWarnings("restricted") // native access is granted by the manifest
	private static MethodHandle strerror() {
		Linker linker = Linker.nativeLinker();
		return linker.downcallHandle(linker.defaultLookup().findOrThrow("strerror"),
				FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
	}

	@SuppressWarnings("restricted") // native access is granted by the manifest
	private static String text(MemorySegment text, Charset charset) {
		return text.reinterpret(MAX_LENGTH).getString(0, charset).toLowerCase(Locale.ROOT);
	}

}
