package dev.socketecho.transport.udp.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;

import dev.socketecho.transport.direct.NativeCalls;

/**
 * Linux's {@code recvmmsg(2)} and {@code sendmmsg(2)}: many datagrams for one system
 * call, each with the address of this host that it came to or is to leave from. Not
 * thread-safe.
 */
final class MultiMessageCalls {

	/** Linux's EINTR. */
	static final int INTERRUPTED = 4;

	/** Linux's EAGAIN. */
	static final int WOULD_BLOCK = 11;

	private static final int MSG_TRUNC = 0x20;

	private static final int MSG_DONTWAIT = 0x40;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();

	private static final VarHandle ERRNO = CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

	private static final MethodHandle RECVMMSG = handle("recvmmsg",
			FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
					ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG));

	private static final MethodHandle SENDMMSG = handle("sendmmsg", FunctionDescriptor.of(ValueLayout.JAVA_INT,
			ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

	private final MemorySegment callState;

	MultiMessageCalls(Arena arena) {
		this.callState = arena.allocate(CALL_STATE);
	}

	/**
	 * Receives what has come, without waiting. The length that each message gets is that
	 * of its datagram, even where there was room for a part only.
	 * @param fd the socket
	 * @param messages the address of an array of {@code struct mmsghdr}
	 * @param count the length of the array
	 * @return how many messages were filled, or -errno
	 */
	int receive(int fd, long messages, int count) {
		try {
			int received = (int) RECVMMSG.invokeExact(this.callState, fd, messages, count, MSG_DONTWAIT | MSG_TRUNC,
					0L);
			return (received >= 0) ? received : -(int) ERRNO.get(this.callState, 0L);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Sends as many as the socket takes, without waiting. It stops at the first that is
	 * refused; if that is the first of all, the result says why.
	 * @param fd the socket
	 * @param messages the address of an array of {@code struct mmsghdr}
	 * @param count the length of the array
	 * @return how many messages have left, or -errno
	 */
	int send(int fd, long messages, int count) {
		try {
			int sent = (int) SENDMMSG.invokeExact(this.callState, fd, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
			return (sent >= 0) ? sent : -(int) ERRNO.get(this.callState, 0L);
		}
		catch (Throwable ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static MethodHandle handle(String function, FunctionDescriptor descriptor) {
		return NativeCalls.link(function, descriptor, Linker.Option.captureCallState("errno"));
	}

}
