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
import java.util.stream.Stream;

import io.netty.channel.unix.Errors;
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
 * The calls do not keep the error number, which would take longer than all the rest that
 * the JVM does for them. One that has failed is made again, with the error number. A
 * socket reports an error once: the second call then finds the end of the input or EPIPE,
 * and the connection counts as reset.
 */
final class StreamCalls {

	private static final long NO_FLAGS = 0;

	private static final long MSG_NOSIGNAL = 0x4000;

	private static final @Nullable Numbers NUMBERS = Map
		.of("x86_64", new Numbers(44, 45), "aarch_64", new Numbers(206, 207))
		.get(PlatformDependent.normalizedArch());

	private static final @Nullable MethodHandle SYSCALL = syscall();

	private static final @Nullable MethodHandle SYSCALL_WITH_ERRNO = syscall(NativeCalls.CAPTURE_ERRNO);

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
		long number = Objects.requireNonNull(NUMBERS).recvfrom();
		long received = call(number, fd, address, size, NO_FLAGS);
		if (received >= 0) {
			return (int) received;
		}
		int again = callAgain(number, fd, address, size, NO_FLAGS);
		return (again != 0) ? again : Errors.ERRNO_ECONNRESET_NEGATIVE;
	}

	/**
	 * Sends bytes.
	 * @param fd the socket
	 * @param address where the bytes are
	 * @param size how many bytes there are
	 * @return how many bytes the socket has taken; otherwise the negative error number
	 */
	static int send(int fd, long address, int size) {
		long number = Objects.requireNonNull(NUMBERS).sendto();
		long sent = call(number, fd, address, size, MSG_NOSIGNAL);
		return (sent >= 0) ? (int) sent : callAgain(number, fd, address, size, MSG_NOSIGNAL);
	}

	private static long call(long number, int fd, long address, long size, long flags) {
		try {
			return (long) Objects.requireNonNull(SYSCALL).invokeExact(number, (long) fd, address, size, flags, 0L, 0L);
		}
		catch (Throwable ex) {
			throw failure(number, ex);
		}
	}

	private static int callAgain(long number, int fd, long address, long size, long flags) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment state = NativeCalls.allocateErrno(arena);
			long result = (long) Objects.requireNonNull(SYSCALL_WITH_ERRNO)
				.invokeExact(state, number, (long) fd, address, size, flags, 0L, 0L);
			return (result >= 0) ? (int) result : -NativeCalls.errno(state);
		}
		catch (Throwable ex) {
			throw failure(number, ex);
		}
	}

	private static IllegalStateException failure(long number, Throwable cause) {
		return new IllegalStateException("system call %d failed".formatted(number), cause);
	}

	private static @Nullable MethodHandle syscall(Linker.Option... more) {
		FunctionDescriptor signature = FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
				ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG,
				ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG);
		Linker.Option[] options = Stream
			.concat(Stream.of(Linker.Option.firstVariadicArg(1), Linker.Option.critical(false)), Stream.of(more))
			.toArray(Linker.Option[]::new);
		try {
			return NativeCalls.link("syscall", signature, options);
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
