package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import dev.socketecho.transport.direct.NativeCalls;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Joins multicast groups with a UDP socket on Linux (ip(7), ipv6(7), RFC 3493).
 * {@link NativeUdpSocketFactory} calls it while a server starts.
 */
final class NativeMulticast {

	private static final int IPPROTO_IP = 0;

	private static final int IP_MULTICAST_IF = 32;

	private static final int IP_MULTICAST_TTL = 33;

	private static final int IP_MULTICAST_LOOP = 34;

	private static final int IP_ADD_MEMBERSHIP = 35;

	private static final int IPPROTO_IPV6 = 41;

	private static final int IPV6_MULTICAST_IF = 17;

	private static final int IPV6_MULTICAST_HOPS = 18;

	private static final int IPV6_MULTICAST_LOOP = 19;

	private static final int IPV6_JOIN_GROUP = 20;

	private static final int EADDRINUSE = 98;

	/** Netty's own call gives the error as text only, in the language of the system. */
	private static final MethodHandle SETSOCKOPT = NativeCalls.link("setsockopt",
			FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
					ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT),
			NativeCalls.CAPTURE_ERRNO);

	private final Socket socket;

	private final MulticastSettings settings;

	NativeMulticast(Socket socket, MulticastSettings settings) {
		this.socket = socket;
		this.settings = settings;
	}

	/**
	 * Joins the groups, if there are any.
	 */
	void join() throws IOException {
		join(false);
	}

	/**
	 * Joins the groups with a socket that was handed over. An earlier process may have
	 * joined some of them: the memberships belong to the socket.
	 */
	void joinAgain() throws IOException {
		join(true);
	}

	private void join(boolean again) throws IOException {
		if (this.settings.groups().isEmpty()) {
			return;
		}
		NetworkInterface networkInterface = this.settings.resolveInterface();
		int index = (networkInterface != null) ? networkInterface.getIndex() : 0;
		for (InetAddress group : this.settings.groups()) {
			if (group instanceof Inet4Address) {
				join(IPPROTO_IP, IP_ADD_MEMBERSHIP, v4Membership(group, index), again);
				this.socket.setRawOpt(IPPROTO_IP, IP_MULTICAST_IF, v4Membership(null, index));
				setSending(IPPROTO_IP, IP_MULTICAST_TTL, IP_MULTICAST_LOOP);
			}
			else {
				join(IPPROTO_IPV6, IPV6_JOIN_GROUP, v6Membership(group, index), again);
				this.socket.setIntOpt(IPPROTO_IPV6, IPV6_MULTICAST_IF, index);
				setSending(IPPROTO_IPV6, IPV6_MULTICAST_HOPS, IPV6_MULTICAST_LOOP);
			}
		}
	}

	private void join(int level, int option, ByteBuffer membership, boolean again) throws IOException {
		int error = setOption(level, option, membership);
		boolean joinedBefore = again && error == EADDRINUSE;
		if (error != 0 && !joinedBefore) {
			throw Errors.newIOException("setsockopt", -error);
		}
	}

	/**
	 * Returns 0, or the error number.
	 */
	private int setOption(int level, int option, ByteBuffer value) {
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment state = NativeCalls.allocateErrno(arena);
			MemorySegment memory = arena.allocate(value.remaining()).copyFrom(MemorySegment.ofBuffer(value));
			int result = (int) SETSOCKOPT.invokeExact(state, this.socket.intValue(), level, option, memory.address(),
					value.remaining());
			return (result == 0) ? 0 : NativeCalls.errno(state);
		}
		catch (Throwable ex) {
			throw new IllegalStateException("setsockopt failed", ex);
		}
	}

	private void setSending(int level, int timeToLive, int loopback) throws IOException {
		this.socket.setIntOpt(level, timeToLive, this.settings.timeToLive());
		if (this.settings.loopback() != null) {
			this.socket.setIntOpt(level, loopback, this.settings.loopback() ? 1 : 0);
		}
	}

	/**
	 * Makes a {@code struct ip_mreqn}.
	 */
	private static ByteBuffer v4Membership(@Nullable InetAddress group, int networkInterface) {
		return ByteBuffer.allocate(12)
			.put((group != null) ? group.getAddress() : new byte[4])
			.putInt(0)
			.order(ByteOrder.nativeOrder())
			.putInt(networkInterface)
			.flip();
	}

	/**
	 * Makes a {@code struct ipv6_mreq}.
	 */
	private static ByteBuffer v6Membership(InetAddress group, int networkInterface) {
		return ByteBuffer.allocate(20)
			.put(group.getAddress())
			.order(ByteOrder.nativeOrder())
			.putInt(networkInterface)
			.flip();
	}

}
