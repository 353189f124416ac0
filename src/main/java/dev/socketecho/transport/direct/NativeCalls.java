package dev.socketecho.transport.direct;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Links functions of the C library, and says whether those can be called that the native
 * transports need besides Netty's own library.
 */
public final class NativeCalls {

	private static final @Nullable Throwable OBSTACLE = obstacle();

	private NativeCalls() {
	}

	/**
	 * Says why the C library cannot be called: native access is denied, or a function is
	 * not there.
	 * @return {@code null} if it can be
	 */
	public static @Nullable Throwable unavailabilityCause() {
		return OBSTACLE;
	}

	/**
	 * Links a function of the C library.
	 * @param function its name
	 * @param signature its signature
	 * @param options how to call it
	 * @return what calls it
	 * @throws NoSuchElementException if there is no such function
	 * @throws IllegalCallerException if native access is denied
	 */
	@SuppressWarnings("restricted") // native access is granted by the manifest
	public static MethodHandle link(String function, FunctionDescriptor signature, Linker.Option... options) {
		Linker linker = Linker.nativeLinker();
		return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), signature, options);
	}

	private static @Nullable Throwable obstacle() {
		try {
			FileControl.load();
			Stream.of("recvmmsg", "sendmmsg").forEach(Linker.nativeLinker().defaultLookup()::findOrThrow);
			return null;
		}
		catch (LinkageError ex) {
			return ex; // What failed there is its cause.
		}
		catch (NoSuchElementException | UnsupportedOperationException ex) {
			return ex;
		}
	}

}
