package dev.socketecho.transport.udp.socket;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

import dev.socketecho.transport.direct.NativeCalls;

/**
 * Linux's {@code recvmmsg(2)} and {@code sendmmsg(2)}, for {@link NativeUdpSocket}: many
 * datagrams with one system call, each with its own addresses. Not thread-safe.
 */
final class MultiMessageCalls {

	private static final int MSG_TRUNC = 0x20;

	private static final int MSG_DONTWAIT = 0x40;

	private static final int MSG_NOSIGNAL = 0x4000;

	private static final MethodHandle RECVMMSG = NativeCalls.link("recvmmsg",
			FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
					ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG),
			NativeCalls.CAPTURE_ERRNO);

	private static final MethodHandle SENDMMSG = NativeCalls.link("sendmmsg",
			FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG,
					ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
			NativeCalls.CAPTURE_ERRNO);

	private final MemorySegment state;

	/**
	 * Creates an instance.
	 * @param arena where to allocate the memory for the error number
	 */
	MultiMessageCalls(Arena arena) {
		this.state = NativeCalls.allocateErrno(arena);
	}

	/**
	 * Receives the datagrams that are there, without waiting. Each message gets the
	 * length that its datagram had, even if there was room for a part of it only.
	 * @param fd the socket
	 * @param messages the address of an array of {@code struct mmsghdr}
	 * @param count the length of the array
	 * @return how many messages were filled, or the negative error number
	 */
	int receive(int fd, long messages, int count) {
		try {
			int received = (int) RECVMMSG.invokeExact(this.state, fd, messages, count, MSG_DONTWAIT | MSG_TRUNC, 0L);
			return (received >= 0) ? received : -NativeCalls.errno(this.state);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("recvmmsg failed", ex);
		}
	}

	/**
	 * Sends as many datagrams as the socket has room for, without waiting. It stops at
	 * the first one that the kernel refuses. The result tells why, if that is the first
	 * of all.
	 * @param fd the socket
	 * @param messages the address of an array of {@code struct mmsghdr}
	 * @param count the length of the array
	 * @return how many messages were sent, or the negative error number
	 */
	int send(int fd, long messages, int count) {
		try {
			int sent = (int) SENDMMSG.invokeExact(this.state, fd, messages, count, MSG_DONTWAIT | MSG_NOSIGNAL);
			return (sent >= 0) ? sent : -NativeCalls.errno(this.state);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("sendmmsg failed", ex);
		}
	}

}
