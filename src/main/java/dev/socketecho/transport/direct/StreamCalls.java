package dev.socketecho.transport.direct;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;

import io.netty.channel.unix.Errors;
import io.netty.util.concurrent.FastThreadLocal;
import io.netty.util.internal.PlatformDependent;
import org.jspecify.annotations.Nullable;

/**
 * Linux's {@code recvfrom(2)} and {@code sendto(2)}, for TCP sockets that do not block.
 * They are made by the C library's {@code syscall(2)}, since its {@code recv} and
 * {@code send} are cancellation points of POSIX threads, which costs each two atomic
 * operations; and as critical calls, which spare the transition that JNI makes. A
 * critical call keeps the thread from reaching a safepoint, here for the microseconds in
 * which the kernel copies.
 * <p>
 * A socket tells an error once: the call that fails has it, a later one finds the end of
 * the input or EPIPE.
 */
final class StreamCalls {

	private static final long NO_FLAGS = 0;

	private static final long MSG_NOSIGNAL = 0x4000;

	private static final int EINTR = 4;

	private static final @Nullable Numbers NUMBERS = Map
		.of("x86_64", new Numbers(44, 45), "aarch_64", new Numbers(206, 207))
		.get(PlatformDependent.normalizedArch());

	private static final StructLayout STATE_LAYOUT = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO = STATE_LAYOUT.varHandle(PathElement.groupElement("errno"));

	/** Of each event loop: where the error number of its last call is. */
	private static final FastThreadLocal<MemorySegment> STATE = new FastThreadLocal<>() {
		@Override
		protected MemorySegment initialValue() {
			return Arena.ofAuto().allocate(STATE_LAYOUT);
		}
	};

	private static final @Nullable MethodHandle SYSCALL = syscall();

	private StreamCalls() {
	}

	/**
	 * Whether these calls can be made: not on other architectures, nor where native
	 * access is denied.
	 */
	static boolean isAvailable() {
		return NUMBERS != null && SYSCALL != null;
	}

	/**
	 * Whether a negative result says that nothing has come, or that the socket has no
	 * room, for now.
	 */
	static boolean isForNow(int result) {
		return result == Errors.ERRNO_EAGAIN_NEGATIVE || result == Errors.ERRNO_EWOULDBLOCK_NEGATIVE
				|| result == -EINTR;
	}

	/**
	 * Receives.
	 * @param fd the socket
	 * @param address where the bytes go
	 * @param size how many there is room for
	 * @return how many came; 0 at the end of input; otherwise the negative error number
	 */
	static int receive(int fd, long address, int size) {
		return call(Objects.requireNonNull(NUMBERS).recvfrom(), fd, address, size, NO_FLAGS);
	}

	/**
	 * Sends.
	 * @param fd the socket
	 * @param address where the bytes are
	 * @param size how many there are
	 * @return how many the socket took; otherwise the negative error number
	 */
	static int send(int fd, long address, int size) {
		return call(Objects.requireNonNull(NUMBERS).sendto(), fd, address, size, MSG_NOSIGNAL);
	}

	private static int call(long number, int fd, long address, int size, long flags) {
		try {
			MemorySegment state = STATE.get();
			long result = (long) Objects.requireNonNull(SYSCALL)
				.invokeExact(state, number, (long) fd, address, (long) size, flags, 0L, 0L);
			return (result >= 0) ? (int) result : -(int) ERRNO.get(state, 0L);
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
					Linker.Option.critical(false), Linker.Option.captureCallState("errno"));
		}
		catch (NoSuchElementException | IllegalCallerException | UnsupportedOperationException ex) {
			return null;
		}
	}

	/**
	 * An architecture's numbers of the system calls.
	 */
	private record Numbers(long sendto, long recvfrom) {
	}

}
