package dev.socketecho.transport.udp.socket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import io.netty.channel.unix.Socket;

/**
 * Counts the datagrams that the kernel has dropped because the receive buffer of a
 * {@link NativeUdpSocket} was full. It asks the socket itself ({@code SO_MEMINFO}) for
 * the counter that {@code /proc/net/udp} shows as {@code drops}; that file lists all
 * sockets of the network namespace. Thread-safe: the recorder reads the count on the
 * thread of a scrape.
 */
final class KernelDropCounter {

	private static final int SOL_SOCKET = 1;

	private static final int SO_MEMINFO = 55;

	private static final int SK_MEMINFO_SIZE = 9 * Integer.BYTES;

	private static final int SK_MEMINFO_DROPS = 8 * Integer.BYTES;

	private final Socket socket;

	private final ByteBuffer memoryInfo = ByteBuffer.allocateDirect(SK_MEMINFO_SIZE).order(ByteOrder.nativeOrder());

	/** Drops from before this process had the socket. */
	private final long earlier;

	private long last;

	private boolean stopped;

	KernelDropCounter(Socket socket) {
		this.socket = socket;
		this.earlier = readOr(0);
	}

	/**
	 * Reads the count. After {@link #stop} it stays at the last one that was read.
	 */
	synchronized long read() {
		if (!this.stopped) {
			this.last = readOr(this.last + this.earlier) - this.earlier;
		}
		return this.last;
	}

	/**
	 * Reads the count for the last time. Called before the socket is closed: after that
	 * its descriptor may belong to another file.
	 */
	synchronized void stop() {
		read();
		this.stopped = true;
	}

	private long readOr(long otherwise) {
		try {
			this.socket.getRawOpt(SOL_SOCKET, SO_MEMINFO, this.memoryInfo.clear());
			return Integer.toUnsignedLong(this.memoryInfo.getInt(SK_MEMINFO_DROPS));
		}
		catch (IOException ex) {
			// Linux before 4.12 has no such option.
			return otherwise;
		}
	}

}
