package dev.socketecho.transport.udp.socket;

import dev.socketecho.transport.udp.socket.UdpSocket.Interest;
import io.netty.channel.IoEvent;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandle;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoEvent;
import io.netty.channel.epoll.EpollIoHandle;
import io.netty.channel.epoll.EpollIoOps;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.uring.IoUringIoEvent;
import io.netty.channel.uring.IoUringIoHandle;
import io.netty.channel.uring.IoUringIoOps;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Lets one of Netty's native event loops watch a socket that is not a channel, for
 * {@link NativeUdpSocket}. The event loop calls it when the socket is ready, and it calls
 * the listener. Confined to the event loop, except for {@link #attach}.
 */
abstract sealed class SocketWatch implements IoHandle {

	/** The numbers of poll(2); epoll has the same. */
	private static final int POLLIN = 0x1;

	private static final int POLLOUT = 0x4;

	final FileDescriptor socket;

	private final UdpSocket.Listener listener;

	private @Nullable IoRegistration registration;

	private Interest interest = Interest.DATAGRAMS;

	private SocketWatch(FileDescriptor socket, UdpSocket.Listener listener) {
		this.socket = socket;
		this.listener = listener;
	}

	/**
	 * Creates a watch that fits the event loop: for epoll or for io_uring.
	 */
	static SocketWatch of(IoEventLoop eventLoop, FileDescriptor socket, UdpSocket.Listener listener) {
		return eventLoop.isCompatible(EpollWatch.class) ? new EpollWatch(socket, listener)
				: new IoUringWatch(socket, listener);
	}

	/**
	 * Starts to watch: for datagrams, unless {@link #watch} has chosen something else.
	 * Called on any thread.
	 */
	final Future<?> attach(IoEventLoop eventLoop) {
		return eventLoop.register(this).addListener((Future<IoRegistration> registered) -> {
			if (registered.isSuccess()) {
				this.registration = registered.getNow();
				watch(this.interest);
			}
		});
	}

	/**
	 * Changes what the socket is watched for.
	 */
	final void watch(Interest interest) {
		this.interest = interest;
		if (this.registration != null && this.registration.isValid()) {
			watch(this.registration, events());
		}
	}

	/**
	 * Returns what the socket is watched for, as bits of poll(2).
	 */
	final int events() {
		return switch (this.interest) {
			case DATAGRAMS -> POLLIN;
			case ROOM -> POLLOUT;
			case NOTHING -> 0;
		};
	}

	/**
	 * Stops to watch.
	 */
	final void cancel() {
		if (this.registration != null) {
			this.registration.cancel();
		}
	}

	/**
	 * Tells the event loop what to watch for.
	 */
	abstract void watch(IoRegistration registration, int events);

	/**
	 * Calls the listener.
	 */
	final void ready() {
		switch (this.interest) {
			case DATAGRAMS -> this.listener.readable();
			case ROOM -> this.listener.writable();
			case NOTHING -> {
			}
		}
	}

	/**
	 * Called by the event loop if it ends while the socket is open.
	 */
	@Override
	public void close() {
		cancel();
	}

	/**
	 * Epoll reports a socket again and again, as long as it is ready. Netty forgets a
	 * socket that is watched for nothing, and does not accept it again. So it is watched
	 * for errors then, which epoll reports in any case.
	 */
	private static final class EpollWatch extends SocketWatch implements EpollIoHandle {

		EpollWatch(FileDescriptor socket, UdpSocket.Listener listener) {
			super(socket, listener);
		}

		@Override
		public FileDescriptor fd() {
			return this.socket;
		}

		@Override
		void watch(IoRegistration registration, int events) {
			registration.submit((events != 0) ? EpollIoOps.valueOf(events) : EpollIoOps.EPOLLERR);
		}

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			if (((EpollIoEvent) event).ops() != EpollIoOps.NONE) {
				ready();
			}
		}

	}

	/**
	 * A poll of io_uring reports once, and stays until then. The poll for datagrams is
	 * therefore left alone while there is one for room. The user data of a poll are its
	 * events.
	 */
	private static final class IoUringWatch extends SocketWatch implements IoUringIoHandle {

		private static final byte IORING_OP_POLL_ADD = 6;

		/** The events of the polls that have not reported yet. */
		private int armed;

		IoUringWatch(FileDescriptor socket, UdpSocket.Listener listener) {
			super(socket, listener);
		}

		@Override
		void watch(IoRegistration registration, int events) {
			if ((this.armed & events) != events) {
				this.armed |= events;
				registration.submit(new IoUringIoOps(IORING_OP_POLL_ADD, (byte) 0, (short) 0, this.socket.intValue(),
						0L, 0L, 0, events, events, (short) 0, (short) 0, 0, 0L));
			}
		}

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			IoUringIoEvent completion = (IoUringIoEvent) event;
			if (completion.opcode() != IORING_OP_POLL_ADD) {
				return;
			}
			int events = (int) completion.userData();
			this.armed &= ~events;
			if (registration.isValid() && events == events()) {
				ready();
			}
			if (registration.isValid()) {
				watch(registration, events());
			}
		}

	}

}
