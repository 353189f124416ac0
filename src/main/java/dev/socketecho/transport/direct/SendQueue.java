package dev.socketecho.transport.direct;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.internal.PlatformDependent;

/**
 * Linux's {@code ioctl(2)} with {@code SIOCOUTQ}: how much of what was sent the peer has
 * not acknowledged yet (tcp(7)). Used before a reset, which would destroy that.
 */
public final class SendQueue {

	/** Not known: another operating system, or a channel of the JDK. */
	public static final int UNKNOWN = -1;

	private static final long SIOCOUTQ = 0x5411;

	private SendQueue() {
	}

	/**
	 * Returns how much the peer has not acknowledged.
	 * @param channel a TCP connection
	 * @return the bytes, {@link #UNKNOWN} where that is not known
	 */
	public static int unacknowledged(Channel channel) {
		if (!(channel instanceof UnixChannel unix) || !PlatformDependent.normalizedOs().equals("linux")) {
			return UNKNOWN;
		}
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment bytes = arena.allocate(ValueLayout.JAVA_INT);
			int result = (int) Linked.IOCTL.invokeExact(unix.fd().intValue(), SIOCOUTQ, bytes);
			return (result == 0) ? bytes.get(ValueLayout.JAVA_INT, 0) : UNKNOWN;
		}
		catch (Throwable ex) {
			return UNKNOWN;
		}
	}

	/** Linked at the first reset. */
	private static final class Linked {

		private static final MethodHandle IOCTL = NativeCalls.link("ioctl", FunctionDescriptor.of(ValueLayout.JAVA_INT,
				ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS), Linker.Option.firstVariadicArg(2));

	}

}
