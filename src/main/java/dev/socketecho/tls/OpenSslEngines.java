package dev.socketecho.tls;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.internal.tcnative.SSL;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLEngine;

/**
 * OpenSSL's engine of Netty (BoringSSL by netty-tcnative), made to half-close. When the
 * peer sends {@code close_notify}, Netty's engine closes its own direction too. Answers
 * that are not yet encrypted are then lost, although TLS 1.3 allows them (RFC 8446, 6.1).
 * BoringSSL itself goes on. Netty's engine closes only once, and has a field for it. With
 * that field set beforehand it never closes by itself, and {@link HalfClosingSslHandler}
 * asks BoringSSL whether the peer has closed.
 * <p>
 * Where the library or the field is missing, the JDK's engine is used.
 */
final class OpenSslEngines {

	private static final @Nullable VarHandle RECEIVED_SHUTDOWN = receivedShutdown();

	private OpenSslEngines() {
	}

	/**
	 * Whether the native library has loaded, and its engine can be made to half-close.
	 * The first call loads the library.
	 */
	static boolean isAvailable() {
		return RECEIVED_SHUTDOWN != null && OpenSsl.isAvailable();
	}

	/**
	 * Whether an engine is OpenSSL's.
	 */
	static boolean isOpenSsl(SSLEngine engine) {
		return engine instanceof ReferenceCountedOpenSslEngine;
	}

	/**
	 * Makes an engine half-close, if it is OpenSSL's.
	 * @param engine a new engine
	 * @return whether it is OpenSSL's, so that {@link #isInputEnded} tells the end of the
	 * input
	 */
	static boolean halfClose(SSLEngine engine) {
		if (RECEIVED_SHUTDOWN == null || !isOpenSsl(engine)) {
			return false;
		}
		RECEIVED_SHUTDOWN.set((ReferenceCountedOpenSslEngine) engine, true);
		return true;
	}

	/**
	 * Whether nothing more can be read: the peer has sent {@code close_notify}, or
	 * reading has failed. Then the engine throws the error when it is next asked to
	 * encrypt. Called on the event loop.
	 * @param engine an engine of OpenSSL
	 */
	static boolean isInputEnded(SSLEngine engine) {
		long ssl = ((ReferenceCountedOpenSslEngine) engine).sslPointer();
		return ssl != 0 && (SSL.getShutdown(ssl) & SSL.SSL_RECEIVED_SHUTDOWN) != 0;
	}

	private static @Nullable VarHandle receivedShutdown() {
		try {
			Class<?> type = ReferenceCountedOpenSslEngine.class;
			return MethodHandles.privateLookupIn(type, MethodHandles.lookup())
				.findVarHandle(type, "receivedShutdown", boolean.class);
		}
		catch (ReflectiveOperationException | LinkageError ex) {
			return null;
		}
	}

}
