package dev.socketecho.server;

import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicInteger;

import dev.socketecho.stamp.StampArrival;
import dev.socketecho.stamp.StampCounts;
import dev.socketecho.stamp.StampReflector;
import dev.socketecho.stamp.StampReflector.Verdict;
import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.Datagram;
import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.handler.AbstractMessageProducingHandler;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Answers the datagrams of a UDP server with {@code mode: stamp}: a Session-Reflector
 * (RFC 8762 and 8972). It stands in the flow between the inbound and the outbound
 * adapter. The time of sending is still missing in its answers;
 * {@link StampReflector#finish} writes it when they leave the socket. Runs on the event
 * loops of the server's sockets.
 */
final class UdpReflector extends AbstractMessageProducingHandler {

	private final NettyUdpReceivingChannelAdapter adapter;

	private final ReflectorSettings settings;

	private final StampReflector reflector;

	/** The packets that no session counts. */
	private final AtomicInteger packets = new AtomicInteger();

	UdpReflector(NettyUdpReceivingChannelAdapter adapter, ReflectorSettings settings) {
		this.adapter = adapter;
		this.settings = settings;
		this.reflector = settings.reflector();
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		Datagram datagram = (Datagram) message.getPayload();
		ByteBuf packet = datagram.content();
		Verdict verdict = this.reflector.check(packet);
		if (verdict != Verdict.ACCEPTED) {
			this.adapter.drop(datagram,
					(verdict == Verdict.TOO_SHORT) ? DropReason.MESSAGE_TOO_SHORT : DropReason.AUTHENTICATION_FAILED);
			return;
		}
		StampArrival arrival = new StampArrival(datagram.receivedNanos(), datagram.hopLimit(), datagram.trafficClass(),
				datagram.sender(), () -> UdpEchoServer.local(this.adapter, message));
		StampReflector.Answer answer = this.reflector.reflect(packet, arrival, counts(datagram, message),
				PooledByteBufAllocator.DEFAULT);
		try {
			sendOutputs(new GenericMessage<>(datagram.answer(answer.content(), answer.trafficClass()),
					message.getHeaders()), message);
		}
		finally {
			// Whoever keeps the answer, such as the queue of the socket, has retained it.
			answer.content().release();
		}
	}

	/**
	 * Without a session the sequence number is the packet's (RFC 8762, 4.3.1). So it is
	 * if there are too many sessions: those that are there keep their numbers.
	 */
	private StampCounts counts(Datagram datagram, Message<?> message) {
		if (this.settings.sessions() != null) {
			StampCounts counts = this.settings.sessions()
				.count(datagram.sender(), local(message), this.reflector.session(datagram.content()));
			if (counts != null) {
				return counts;
			}
		}
		int count = this.packets.incrementAndGet();
		return new StampCounts(this.reflector.sequence(datagram.content()), count, count);
	}

	private static @Nullable InetAddress local(Message<?> message) {
		return message.getHeaders().get(IpHeaders.LOCAL_ADDRESS, InetAddress.class);
	}

	/**
	 * The answer has the headers of the sender, without copies.
	 */
	@Override
	protected boolean shouldCopyRequestHeaders() {
		return false;
	}

}
