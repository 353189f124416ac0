package dev.socketecho.transport;

import org.jspecify.annotations.Nullable;

/**
 * Whether the C library can be called as the native transports need it, besides by
 * Netty's own library.
 */
final class NativeCalls {

	private static final @Nullable Throwable OBSTACLE = obstacle();

	private NativeCalls() {
	}

	/**
	 * Says why the C library cannot be called: native access is denied, or a function is
	 * not there.
	 * @return {@code null} if it can be
	 */
	static @Nullable Throwable unavailabilityCause() {
		return OBSTACLE;
	}

	private static @Nullable Throwable obstacle() {
		try {
			MultiMessageCalls.load();
			FileControl.load();
			return null;
		}
		catch (LinkageError ex) {
			return ex; // What failed there is its cause.
		}
	}

}
