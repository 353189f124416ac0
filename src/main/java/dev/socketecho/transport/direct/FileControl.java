package dev.socketecho.transport.direct;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Linux's {@code fcntl(2)}: what Netty has no call for. Used for sockets that were handed
 * over and for listening sockets, when a server starts.
 */
public final class FileControl {

	private static final int F_GETFL = 3;

	private static final int F_SETFL = 4;

	private static final int F_DUPFD_CLOEXEC = 1030;

	private static final int O_NONBLOCK = 0x800;

	private static final MethodHandle FCNTL = fcntl();

	private FileControl() {
	}

	/**
	 * Links the function, if it is not linked yet. Called at the start of the service, so
	 * that a failure is known then.
	 * @throws LinkageError if the function cannot be linked
	 */
	static void load() {
	}

	/**
	 * Makes a descriptor non-blocking. Service managers hand over blocking sockets, and
	 * accepting from one would block the event loop until the next connection.
	 * @param fd the descriptor
	 * @throws IOException if it is not an open descriptor
	 */
	public static void setNonBlocking(int fd) throws IOException {
		int flags = call(fd, F_GETFL, 0);
		if (flags < 0 || call(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
			throw new IOException("file descriptor %d cannot be made non-blocking".formatted(fd));
		}
	}

	/**
	 * Duplicates a descriptor.
	 * @param fd the descriptor
	 * @return a second descriptor of the same socket, for the caller to close
	 * @throws IOException if that is not possible
	 */
	public static int duplicate(int fd) throws IOException {
		int duplicate = call(fd, F_DUPFD_CLOEXEC, 0);
		if (duplicate < 0) {
			throw new IOException("file descriptor %d cannot be duplicated".formatted(fd));
		}
		return duplicate;
	}

	private static int call(int fd, int command, int argument) {
		try {
			return (int) FCNTL.invokeExact(fd, command, argument);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("fcntl failed", ex);
		}
	}

	private static MethodHandle fcntl() {
		return NativeCalls.link("fcntl", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
				ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), Linker.Option.firstVariadicArg(2));
	}

}
