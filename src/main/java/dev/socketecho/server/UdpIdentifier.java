package dev.socketecho.server;

import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

import dev.socketecho.telemetry.DropReason;
import dev.socketecho.transport.udp.Datagram;
import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.handler.AbstractReplyProducingMessageHandler;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Answers the datagrams of a UDP server with {@code mode: identify}. It stands in the
 * flow between the inbound and the outbound adapter, and replaces each datagram by a line
 * of JSON that ends in LF.
 * <p>
 * A sender can forge its address, so an answer that is longer than its datagram would
 * multiply an attacker's traffic. The copies that faults may make of it count, too. Such
 * an answer goes only to sources that the operator has listed in {@code allow}; the other
 * datagrams are dropped. Runs on the event loops of the server's sockets.
 */
final class UdpIdentifier extends AbstractReplyProducingMessageHandler {

	private final NettyUdpReceivingChannelAdapter adapter;

	private final InstanceIdentity identity;

	private final boolean anyLength;

	private final AtomicLong sequence = new AtomicLong();

	UdpIdentifier(NettyUdpReceivingChannelAdapter adapter, InstanceIdentity identity) {
		this.adapter = adapter;
		this.identity = identity;
		// All others are dropped before the flow.
		this.anyLength = !adapter.settings().sources().allow().isEmpty();
	}

	/**
	 * Returns the least length of an answer.
	 * @return the length in bytes
	 */
	int shortestAnswer() {
		return line(IdentifyAnswer.shortest(this.adapter.settings().name(), "udp", this.identity)).length;
	}

	@Override
	protected @Nullable Object handleRequestMessage(Message<?> message) {
		Datagram datagram = (Datagram) message.getPayload();
		int received = datagram.content().readableBytes();
		byte[] line = line(new IdentifyAnswer(this.adapter.settings().name(), "udp", this.identity,
				IdentifyAnswer.text(UdpEchoServer.local(this.adapter, message)), IdentifyAnswer.text(datagram.sender()),
				null, null, this.sequence.getAndIncrement(), received, Instant.now(), null));
		if (!this.anyLength
				&& line.length * (long) this.adapter.faults().mostAnswers(datagram.sender().getAddress()) > received) {
			this.adapter.drop(datagram, DropReason.AMPLIFICATION);
			return null;
		}
		// A wrapped array needs no release.
		return new GenericMessage<>(datagram.replace(Unpooled.wrappedBuffer(line)), message.getHeaders());
	}

	/**
	 * The answer has the headers of the sender, without copies.
	 */
	@Override
	protected boolean shouldCopyRequestHeaders() {
		return false;
	}

	private static byte[] line(IdentifyAnswer answer) {
		byte[] json = answer.json();
		byte[] line = Arrays.copyOf(json, json.length + 1);
		line[json.length] = '\n';
		return line;
	}

}
