package dev.socketecho.transport;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Linux's {@code O_NONBLOCK}. Service managers hand blocking sockets over; accepting from
 * one would hold the event loop up until the next connection comes.
 */
final class NonBlockingMode {

	private static final int F_GETFL = 3;

	private static final int F_SETFL = 4;

	private static final int O_NONBLOCK = 0x800;

	private static final MethodHandle FCNTL = fcntl();

	private NonBlockingMode() {
	}

	static void set(int fd) throws IOException {
		try {
			int flags = (int) FCNTL.invokeExact(fd, F_GETFL, 0);
			if (flags < 0 || (int) FCNTL.invokeExact(fd, F_SETFL, flags | O_NONBLOCK) < 0) {
				throw new IOException("file descriptor %d cannot be made non-blocking".formatted(fd));
			}
		}
		catch (IOException ex) {
			throw ex;
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	@SuppressWarnings("restricted")
	private static MethodHandle fcntl() {
		Linker linker = Linker.nativeLinker();
		return linker.downcallHandle(
				linker.defaultLookup().findOrThrow("fcntl"), FunctionDescriptor.of(ValueLayout.JAVA_INT,
						ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
				Linker.Option.firstVariadicArg(2));
	}

}
