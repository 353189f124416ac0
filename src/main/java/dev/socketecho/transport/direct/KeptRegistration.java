package dev.socketecho.transport.direct;

import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.epoll.EpollIoOps;
import org.jspecify.annotations.Nullable;

/**
 * A registration with epoll that stays when there is no interest left. Netty 4.2.18
 * removes the descriptor then and does not remember that: the next interest fails with
 * ENOENT. A connection has no interest while its reads are paused after the peer has
 * half-closed, and nothing is to be written.
 * <p>
 * It also tells {@link DirectReceive} whether the channel is interested in input.
 * Confined to the event loop.
 */
final class KeptRegistration implements IoRegistration {

	/** Edge-triggered, of nothing: errors are reported, and only once. */
	private static final EpollIoOps NOTHING = EpollIoOps.valueOf(1 << 31);

	private final IoRegistration netty;

	private final @Nullable DirectReceive receive;

	private boolean added;

	/**
	 * Creates a registration in front of another one.
	 * @param netty Netty's registration
	 * @param receive told whether the channel reads; {@code null} for none
	 */
	KeptRegistration(IoRegistration netty, @Nullable DirectReceive receive) {
		this.netty = netty;
		this.receive = receive;
	}

	@Override
	public <T> T attachment() {
		return this.netty.attachment();
	}

	@Override
	public long submit(IoOps ops) {
		if (this.receive != null) {
			this.receive.setReading(((EpollIoOps) ops).contains(EpollIoOps.EPOLLIN));
		}
		boolean none = ops.equals(EpollIoOps.NONE);
		if (none && this.added) {
			return this.netty.submit(NOTHING);
		}
		this.added |= !none;
		return this.netty.submit(ops);
	}

	@Override
	public boolean isValid() {
		return this.netty.isValid();
	}

	@Override
	public boolean cancel() {
		return this.netty.cancel();
	}

}
