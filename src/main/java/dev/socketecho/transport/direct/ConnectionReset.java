package dev.socketecho.transport.direct;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import io.netty.util.internal.PlatformDependent;

/**
 * Ends a TCP connection with RST. A reset destroys what the peer has not received yet, so
 * it waits until everything that was sent is acknowledged, or for one second. On Linux
 * {@code ioctl(2)} with {@code SIOCOUTQ} tells that (tcp(7)); elsewhere, and with the
 * JDK's channels, nothing does, and the second is always waited for.
 * <p>
 * Confined to the connection's event loop.
 */
public final class ConnectionReset {

	private static final long LONGEST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(1);

	private static final long CHECK_MILLIS = 1;

	private static final long SIOCOUTQ = 0x5411;

	private final SocketChannel channel;

	private final BooleanSupplier held;

	private final Runnable atReset;

	private final long deadline;

	private ConnectionReset(SocketChannel channel, BooleanSupplier held, Runnable atReset) {
		this.channel = channel;
		this.held = held;
		this.atReset = atReset;
		this.deadline = now() + LONGEST_WAIT_NANOS;
	}

	/**
	 * Resets a connection. Called once, on its event loop.
	 * @param channel the connection
	 * @param held whether something that is to be sent before has not reached the channel
	 * @param atReset called right before the reset, if the connection is still open then
	 */
	public static void reset(SocketChannel channel, BooleanSupplier held, Runnable atReset) {
		channel.flush();
		new ConnectionReset(channel, held, atReset).resetWhenAcknowledged();
	}

	private void resetWhenAcknowledged() {
		if (!this.channel.isActive()) {
			return;
		}
		if (!isAcknowledged() && now() - this.deadline < 0) {
			this.channel.eventLoop().schedule(this::resetWhenAcknowledged, CHECK_MILLIS, TimeUnit.MILLISECONDS);
			return;
		}
		this.atReset.run();
		this.channel.config().setSoLinger(0);
		disconnect();
		// Past the pipeline: TLS would send its close_notify first
		this.channel.unsafe().close(this.channel.voidPromise());
	}

	private boolean isAcknowledged() {
		ChannelOutboundBuffer queue = this.channel.unsafe().outboundBuffer();
		return !this.held.getAsBoolean() && (queue == null || queue.isEmpty()) && unacknowledged(this.channel) == 0;
	}

	/**
	 * Sends RST. The close that follows would do that, too, but with io_uring it sends
	 * FIN before.
	 */
	private void disconnect() {
		if (this.channel instanceof UnixChannel unix && unix.fd() instanceof Socket socket) {
			try {
				socket.disconnect();
			}
			catch (IOException ex) {
				// The peer has reset the connection.
			}
		}
	}

	private long now() {
		return this.channel.eventLoop().ticker().nanoTime();
	}

	/**
	 * How many bytes the peer has not acknowledged; -1 if that is not known.
	 */
	private static int unacknowledged(Channel channel) {
		if (!(channel instanceof UnixChannel unix) || !PlatformDependent.normalizedOs().equals("linux")) {
			return -1;
		}
		try (Arena arena = Arena.ofConfined()) {
			MemorySegment bytes = arena.allocate(ValueLayout.JAVA_INT);
			int result = (int) Linked.IOCTL.invokeExact(unix.fd().intValue(), SIOCOUTQ, bytes);
			return (result == 0) ? bytes.get(ValueLayout.JAVA_INT, 0) : -1;
		}
		catch (Throwable ex) {
			return -1;
		}
	}

	/** Linked at the first reset. */
	private static final class Linked {

		private static final MethodHandle IOCTL = NativeCalls.link("ioctl", FunctionDescriptor.of(ValueLayout.JAVA_INT,
				ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS), Linker.Option.firstVariadicArg(2));

	}

}
