package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.SocketError;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.socket.Arrival;
import dev.socketecho.transport.udp.socket.OutboundDatagram;
import dev.socketecho.transport.udp.socket.Peer;
import dev.socketecho.transport.udp.socket.UdpSocket;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.IoEventLoop;
import io.netty.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests {@link UdpServerSocket}, with its input and its end, on a socket that fails.
 */
class UdpServerSocketTests {

	private final EventLoops eventLoops = new EventLoops(TransportType.NIO, 1, "test-io");

	private final FailingSocket socket = new FailingSocket();

	private final UdpTestServer.Recorder recorder = new UdpTestServer.Recorder();

	private final UdpServerSocket server = new UdpServerSocket(this.socket, (IoEventLoop) this.eventLoops.next(),
			UdpTestServer.DEFAULTS,
			new UdpAdmission(UdpTestServer.DEFAULTS, new LoopGuard(List.of(), new BoundPorts(), null), null),
			this.recorder, new UdpDrops("test", this.recorder), (_) -> {
			});

	@AfterEach
	void close() {
		this.server.close().join();
		this.eventLoops.close();
	}

	@Test
	void receivesNothingForAMomentWhereThereIsNoMemoryToReceiveInto() throws Exception {
		Future<?> told = this.eventLoops.next().submit(this.server::readable);
		assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(told.cause()).isNull();
		assertThat(this.socket.watched.poll(10, TimeUnit.SECONDS)).isEqualTo(UdpSocket.Interest.NOTHING);
		assertThat(this.socket.watched.poll(10, TimeUnit.SECONDS)).isEqualTo(UdpSocket.Interest.DATAGRAMS);
		assertThat(this.socket.received).isEqualTo(1);
		assertThat(this.recorder.errors(SocketError.UNKNOWN)).isEqualTo(1);
	}

	/**
	 * The event loop would end.
	 */
	@Test
	void errorIsKeptFromTheEventLoopWhenTheSocketHasRoomAgain() throws Exception {
		ByteBuf content = Unpooled.directBuffer().writeByte(1);
		this.eventLoops.next()
			.submit(() -> this.server.send(content, new Peer(new InetSocketAddress("127.0.0.1", 9)), 9))
			.sync();
		assertThat(this.socket.watched.poll(10, TimeUnit.SECONDS)).isEqualTo(UdpSocket.Interest.ROOM);
		this.socket.hasRoom = true;
		Future<?> told = this.eventLoops.next().submit(this.server::writable);
		assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(told.cause()).isNull();
		assertThat(this.recorder.errors(SocketError.UNKNOWN)).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void drainsASocketThatCannotReceive(boolean paused) {
		if (paused) {
			this.eventLoops.next().submit(this.server::readable).awaitUninterruptibly();
		}
		assertThat(this.server.drain()).succeedsWithin(10, TimeUnit.SECONDS);
		assertThat(this.socket.closed).isTrue();
	}

	/**
	 * A socket that finds no memory to receive into, and has no room to send. Where it
	 * has room, it cannot be watched.
	 */
	private static final class FailingSocket implements UdpSocket {

		final BlockingQueue<Interest> watched = new LinkedBlockingQueue<>();

		volatile int received;

		volatile boolean closed;

		volatile boolean hasRoom;

		@Override
		public InetSocketAddress localAddress() {
			return new InetSocketAddress("127.0.0.1", 7);
		}

		@Override
		public Future<?> attach(IoEventLoop eventLoop, Listener listener) {
			return eventLoop.newSucceededFuture(null);
		}

		@Override
		public void watch(Interest interest) {
			if (this.hasRoom) {
				throw new OutOfMemoryError("of a test");
			}
			this.watched.add(interest);
		}

		@Override
		public int receive(ByteBuf buffer, int stride) {
			this.received++;
			throw new OutOfMemoryError("of a test");
		}

		@Override
		public int length(int index) {
			throw new IndexOutOfBoundsException(index);
		}

		@Override
		public Peer sender(int index) {
			throw new IndexOutOfBoundsException(index);
		}

		@Override
		public Arrival arrival(int index) {
			throw new IllegalStateException("not asked for");
		}

		@Override
		public int send(OutboundDatagram[] queue, int from, int to) {
			return this.hasRoom ? to - from : 0;
		}

		@Override
		public long kernelDrops() {
			return 0;
		}

		@Override
		public void close() {
			this.closed = true;
		}

	}

}
