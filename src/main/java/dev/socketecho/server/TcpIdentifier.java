package dev.socketecho.server;

import java.time.Instant;
import java.util.Arrays;

import dev.socketecho.codec.Frames;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.codec.MessageFramer;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import dev.socketecho.transport.tcp.traffic.TcpConnectionInfo;
import io.netty.handler.codec.TooLongFrameException;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.handler.AbstractReplyProducingMessageHandler;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.GenericMessage;

/**
 * Answers the messages of a TCP server with {@code mode: identify}. It stands in the flow
 * between the inbound and the outbound adapter, and replaces each message by a line of
 * JSON in the server's framing; where the framing has no terminator (none, until-close),
 * the line ends in LF. Each message is one frame: such a server has no bursts. Runs on
 * the event loop of the connection.
 */
final class TcpIdentifier extends AbstractReplyProducingMessageHandler {

	private final NettyTcpServerConnectionFactory factory;

	private final InstanceIdentity identity;

	private final FramingSpec framing;

	private final MessageFramer framer;

	TcpIdentifier(NettyTcpServerConnectionFactory factory, InstanceIdentity identity) {
		this.factory = factory;
		this.identity = identity;
		this.framing = factory.settings().framing();
		this.framer = this.framing.newFramer();
	}

	/**
	 * Checks at the start that the framing can carry an answer.
	 * @throws TooLongFrameException if even the shortest answer is too long for a frame
	 * @throws IllegalArgumentException if each answer has bytes that end a frame
	 */
	void requireFits() {
		frame(IdentifyAnswer.shortest(this.factory.settings().name(), "tcp", this.identity));
	}

	@Override
	protected @Nullable Object handleRequestMessage(Message<?> message) {
		String id = message.getHeaders().get(IpHeaders.CONNECTION_ID, String.class);
		NettyTcpConnection connection = (id != null) ? this.factory.connection(id) : null;
		if (connection == null) {
			return null;
		}
		try {
			byte[] frame = frame(answer(connection, (Frames) message.getPayload()));
			return new GenericMessage<>(frame, message.getHeaders());
		}
		catch (TooLongFrameException ex) {
			connection.fail(ex);
			return null;
		}
	}

	/**
	 * The answer has the headers of the connection, without copies.
	 */
	@Override
	protected boolean shouldCopyRequestHeaders() {
		return false;
	}

	private IdentifyAnswer answer(NettyTcpConnection connection, Frames message) {
		TcpConnectionInfo info = connection.info();
		return new IdentifyAnswer(info.server(), "tcp", this.identity, IdentifyAnswer.text(info.local()),
				IdentifyAnswer.text(info.source()),
				(info.proxiedBy() != null) ? IdentifyAnswer.text(info.proxiedBy()) : null, info.id(),
				info.messagesIn() - 1, this.framer.messageLength(message.content()), Instant.now(),
				IdentifyAnswer.Tls.of(connection.getSslSession()));
	}

	private byte[] frame(IdentifyAnswer answer) {
		byte[] json = answer.json();
		if (this.framing.framing().boundary() == Framing.Boundary.FRAME) {
			return this.framer.frame(json);
		}
		byte[] line = Arrays.copyOf(json, json.length + 1);
		line[json.length] = '\n';
		return (this.framing.framing().boundary() == Framing.Boundary.READ) ? line : this.framer.frame(line);
	}

}
