package dev.socketecho.transport.direct;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.NoSuchElementException;
import java.util.stream.Stream;

import io.netty.channel.unix.Errors;
import org.jspecify.annotations.Nullable;

/**
 * Links functions of the C library, and reads the error numbers of their calls. Classes
 * that make system calls of their own use it. {@code IoTransport} asks it at the start
 * whether those calls are possible on this machine. Thread-safe.
 */
public final class NativeCalls {

	/**
	 * Makes a linked function keep the error number of a call. The first argument of each
	 * call is then memory from {@link #allocateErrno}.
	 */
	public static final Linker.Option CAPTURE_ERRNO = Linker.Option.captureCallState("errno");

	private static final StructLayout STATE = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

	private static final int EINTR = 4;

	private static final @Nullable Throwable OBSTACLE = obstacle();

	private NativeCalls() {
	}

	/**
	 * Returns why the C library cannot be called: native access is denied, or a function
	 * is missing.
	 * @return {@code null} if it can be called
	 */
	public static @Nullable Throwable unavailabilityCause() {
		return OBSTACLE;
	}

	/**
	 * Links a function of the C library.
	 * @param function its name
	 * @param signature its signature
	 * @param options how to call it
	 * @return a handle that calls it
	 * @throws NoSuchElementException if there is no such function
	 * @throws IllegalCallerException if native access is denied
	 */
	@SuppressWarnings("restricted") // native access is granted by the manifest
	public static MethodHandle link(String function, FunctionDescriptor signature, Linker.Option... options) {
		Linker linker = Linker.nativeLinker();
		return linker.downcallHandle(linker.defaultLookup().findOrThrow(function), signature, options);
	}

	/**
	 * Allocates the memory that error numbers are kept in.
	 * @param arena where to allocate it
	 * @return memory for one thread at a time
	 */
	public static MemorySegment allocateErrno(Arena arena) {
		return arena.allocate(STATE);
	}

	/**
	 * Returns the error number of the last call. It means something only if that call has
	 * failed.
	 * @param state the memory that the call was given
	 * @return the error number, as errno(3) has it
	 */
	public static int errno(MemorySegment state) {
		return (int) ERRNO.get(state, 0L);
	}

	/**
	 * Returns whether a call on a socket failed only because there is nothing to receive,
	 * or no room to send, at the moment. It needs Netty's native library.
	 * @param result the negative error number
	 * @return whether to try again later
	 */
	public static boolean isForNow(int result) {
		return result == Errors.ERRNO_EAGAIN_NEGATIVE || result == Errors.ERRNO_EWOULDBLOCK_NEGATIVE
				|| result == -EINTR;
	}

	private static @Nullable Throwable obstacle() {
		try {
			FileControl.load();
			Stream.of("recvmmsg", "sendmmsg").forEach(Linker.nativeLinker().defaultLookup()::findOrThrow);
			return null;
		}
		catch (LinkageError ex) {
			return ex; // Its cause is what failed.
		}
		catch (NoSuchElementException | UnsupportedOperationException ex) {
			return ex;
		}
	}

}
