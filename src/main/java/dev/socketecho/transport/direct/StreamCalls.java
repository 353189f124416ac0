package dev.socketecho.transport.direct;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;

/**
 * Linux's {@code recvfrom(2)} and {@code sendto(2)} for TCP sockets that do not block.
 * {@link DirectReceive} and {@link DirectSend} call it on an event loop.
 * <p>
 * It uses the C library's {@code syscall(2)}: the library's {@code recv} and {@code send}
 * are cancellation points of POSIX threads, and each of them costs two atomic operations
 * more. The calls are critical ones, which saves the transition of a JNI call. A thread
 * reaches no safepoint during a critical call; here that lasts for the microseconds in
 * which the kernel copies.
 * <p>
 * A socket reports an error once. The call that fails gets it; a later call finds the end
 * of the input, or EPIPE.
 */
final class StreamCalls {

	private static final long NO_FLAGS = 0;

	private static final long MSG_NOSIGNAL = 0x4000;

	private static final @Nullable Numbers NUMBERS = Map
		.of("x86_64", new Numbers(44, 45), "aarch_64", new Numbers(206, 207))
		.get(PlatformDependent.normalizedArch());

	/** Where each event loop keeps the error number of its last call. */
	private static final FastThreadLocal<MemorySegment> STATE = new FastThreadLocal<>() {
		@Override
		protected MemorySegment initialValue() {
			return NativeCalls.allocateErrno(Arena.ofAuto());
		}
	};

	private static final @Nullable MethodHandle SYSCALL = syscall();

	private StreamCalls() {
	}

	/**
	 * Returns whether these calls are possible. They are not where native access is
	 * denied, nor on an architecture whose numbers are not known here.
	 */
	static boolean isAvailable() {
		return NUMBERS != null && SYSCALL != null;
	}

	/**
	 * Receives bytes.
	 * @param fd the socket
	 * @param address where to write the bytes
	 * @param size how many bytes there is room for
	 * @return how many bytes were received; 0 at the end of the input; otherwise the
	 * negative error number
	 */
	static int receive(int fd, long address, int size) {
		return call(Objects.requireNonNull(NUMBERS).recvfrom(), fd, address, size, NO_FLAGS);
	}

	/**
	 * Sends bytes.
	 * @param fd the socket
	 * @param address where the bytes are
	 * @param size how many bytes there are
	 * @return how many bytes the socket has taken; otherwise the negative error number
	 */
	static int send(int fd, long address, int size) {
		return call(Objects.requireNonNull(NUMBERS).sendto(), fd, address, size, MSG_NOSIGNAL);
	}

	private static int call(long number, int fd, long address, int size, long flags) {
		try {
			MemorySegment state = STATE.get();
			long result = (long) Objects.requireNonNull(SYSCALL)
				.invokeExact(state, number, (long) fd, address, (long) size, flags, 0L, 0L);
			return (result >= 0) ? (int) result : -NativeCalls.errno(state);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("system call %d failed".formatted(number), ex);
		}
	}

	private static @Nullable MethodHandle syscall() {
		FunctionDescriptor signature = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
				ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
				ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
		try {
			return NativeCalls.link("syscall", signature, Linker.Option.firstVariadicArg(1),
					Linker.Option.critical(false), NativeCalls.CAPTURE_ERRNO);
		}
		catch (NoSuchElementException | IllegalCallerException | UnsupportedOperationException ex) {
			return null;
		}
	}

	/**
	 * The numbers of the system calls on one architecture.
	 */
	private record Numbers(long sendto, long recvfrom) {
	}

}
