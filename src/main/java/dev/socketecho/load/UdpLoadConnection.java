package dev.socketecho.load;

import java.util.concurrent.CompletableFuture;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.udp.ClientDatagram;
import dev.socketecho.transport.udp.UdpClientSettings;
import dev.socketecho.transport.udp.UdpClientSocket;
import dev.socketecho.transport.udp.UdpClientSockets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A UDP socket of a run. Replies may come in any order, twice or not at all; the sequence
 * number in a reply says which message it answers. One that comes twice or late is
 * ignored.
 */
final class UdpLoadConnection extends LoadConnection<UdpClientSocket> {

	private final UdpClientSockets sockets;

	private final LoadMessage message;

	private @Nullable UdpClientSocket socket;

	UdpLoadConnection(LoadLoop loop, Options options, UdpClientSettings client, EventLoops eventLoops,
			int payloadSize) {
		super(loop, options);
		this.message = new LoadMessage(payloadSize, options.number(), null, false);
		this.sockets = new UdpClientSockets(client.fromAnyPort(), eventLoops, ClientRecorder.none());
		this.sockets.receiveWith(this::received);
	}

	@Override
	CompletableFuture<UdpClientSocket> connect() {
		return this.sockets.open(loop().eventLoop());
	}

	@Override
	void opened(UdpClientSocket opened) {
		this.socket = opened;
		opened.onError((cause) -> {
			messages().broken(SocketError.of(cause));
			loop().figures().report();
		});
	}

	@Override
	int room() {
		return (this.socket != null) ? Integer.MAX_VALUE : 0;
	}

	@Override
	boolean isPatient() {
		return false;
	}

	@Override
	long underWay() {
		return messages().open();
	}

	@Override
	void transmit(long first, int count) {
		UdpClientSocket open = this.socket;
		if (open == null) {
			return;
		}
		for (long sequence = first; sequence < first + count; sequence++) {
			long number = sequence;
			ByteBuf datagram = PooledByteBufAllocator.DEFAULT.directBuffer(this.message.frameLength());
			try {
				this.message.write(datagram, number);
				open.send(new ClientDatagram(datagram, (cause) -> notSent(number, SocketError.of(cause))));
			}
			finally {
				datagram.release();
			}
		}
		open.flush();
	}

	private void notSent(long sequence, SocketError why) {
		if (messages().isOpen(sequence)) {
			messages().refused(sequence, why);
		}
	}

	private void received(ByteBuf datagram) {
		long now = loop().now();
		long sequence = this.message.sequence(datagram, messages().oldest());
		boolean right = sequence >= 0 && this.message.isReply(datagram, sequence);
		if (right && messages().isOpen(sequence)) {
			messages().received(sequence, now);
		}
		else if (!right && messages().open() > 0) {
			messages().corrupted(messages().isOpen(sequence) ? sequence : messages().oldest());
		}
		else if (!right) {
			loop().error(SocketError.CORRUPTED_REPLY);
		}
		advance(now);
		loop().figures().report();
	}

	@Override
	void silent(long now) {
	}

	@Override
	void fail() {
	}

	@Override
	void disconnect() {
		UdpClientSocket open = this.socket;
		if (open != null) {
			this.socket = null;
			open.close();
		}
	}

}
