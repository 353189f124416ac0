package dev.socketecho.transport;

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
 * Watches a socket for a Netty event loop of either native kind, without a Netty channel.
 * But for {@link #attach} it is confined to the event loop.
 */
abstract sealed class SocketWatch implements IoHandle {

	/** What a socket is polled for, in poll(2)'s numbers, which are epoll's, too. */
	private static final int POLLIN = 0x1;

	private static final int POLLOUT = 0x4;

	final FileDescriptor socket;

	private final DatagramIo.Listener listener;

	private @Nullable IoRegistration registration;

	private boolean room;

	private SocketWatch(FileDescriptor socket, DatagramIo.Listener listener) {
		this.socket = socket;
		this.listener = listener;
	}

	static SocketWatch of(IoEventLoop eventLoop, FileDescriptor socket, DatagramIo.Listener listener) {
		return eventLoop.isCompatible(EpollWatch.class) ? new EpollWatch(socket, listener)
				: new IoUringWatch(socket, listener);
	}

	/**
	 * Watches for datagrams from now on.
	 */
	final Future<?> attach(IoEventLoop eventLoop) {
		return eventLoop.register(this).addListener((Future<IoRegistration> registered) -> {
			if (registered.isSuccess()) {
				this.registration = registered.getNow();
				watchForRoom(false);
			}
		});
	}

	/**
	 * Watches for room to send, or for datagrams.
	 */
	final void watchForRoom(boolean room) {
		this.room = room;
		if (this.registration != null && this.registration.isValid()) {
			watch(this.registration, room ? POLLOUT : POLLIN);
		}
	}

	/**
	 * Watches no more.
	 */
	final void cancel() {
		if (this.registration != null) {
			this.registration.cancel();
		}
	}

	abstract void watch(IoRegistration registration, int events);

	final void ready() {
		if (this.room) {
			this.listener.writable();
		}
		else {
			this.listener.readable();
		}
	}

	/**
	 * Called when the event loop ends with the socket open.
	 */
	@Override
	public void close() {
		cancel();
	}

	/**
	 * Epoll tells again and again, as long as it is so.
	 */
	private static final class EpollWatch extends SocketWatch implements EpollIoHandle {

		EpollWatch(FileDescriptor socket, DatagramIo.Listener listener) {
			super(socket, listener);
		}

		@Override
		public FileDescriptor fd() {
			return this.socket;
		}

		@Override
		void watch(IoRegistration registration, int events) {
			registration.submit(EpollIoOps.valueOf(events));
		}

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			if (((EpollIoEvent) event).ops() != EpollIoOps.NONE) {
				ready();
			}
		}

	}

	/**
	 * A poll of io_uring tells once.
	 */
	private static final class IoUringWatch extends SocketWatch implements IoUringIoHandle {

		private static final byte IORING_OP_POLL_ADD = 6;

		private boolean armed;

		private int events;

		IoUringWatch(FileDescriptor socket, DatagramIo.Listener listener) {
			super(socket, listener);
		}

		@Override
		void watch(IoRegistration registration, int events) {
			this.events = events;
			if (!this.armed) {
				this.armed = true;
				registration.submit(new IoUringIoOps(IORING_OP_POLL_ADD, (byte) 0, (short) 0, this.socket.intValue(),
						0L, 0L, 0, events, 0L, (short) 0, (short) 0, 0, 0L));
			}
		}

		@Override
		public void handle(IoRegistration registration, IoEvent event) {
			if (((IoUringIoEvent) event).opcode() != IORING_OP_POLL_ADD) {
				return;
			}
			this.armed = false;
			if (registration.isValid()) {
				ready();
			}
			if (registration.isValid()) {
				watch(registration, this.events);
			}
		}

	}

}
