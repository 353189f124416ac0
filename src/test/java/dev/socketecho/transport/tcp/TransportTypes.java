package dev.socketecho.transport.tcp;

import java.util.stream.Stream;

import dev.socketecho.transport.loop.TransportType;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.uring.IoUring;

/**
 * The transports that this machine has.
 */
public final class TransportTypes {

	private TransportTypes() {
	}

	/**
	 * Returns the transports, for parameterized tests.
	 */
	public static Stream<TransportType> available() {
		return Stream.of(TransportType.EPOLL, TransportType.IO_URING, TransportType.NIO)
			.filter((type) -> switch (type) {
				case EPOLL -> Epoll.isAvailable();
				case IO_URING -> IoUring.isAvailable();
				case NIO, AUTO -> true;
			});
	}

}
