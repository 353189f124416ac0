package dev.socketecho.transport.udp;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import dev.socketecho.transport.udp.socket.Peer;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.ip.IpHeaders;
import org.springframework.integration.ip.udp.outbound.AbstractInternetProtocolSendingMessageHandler;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageHandlingException;

/**
 * The outbound channel adapter of a UDP server, at the end of its flow. It sends through
 * the sockets of a {@link NettyUdpReceivingChannelAdapter}, on the event loop or on any
 * other thread. A {@link Datagram} goes back to its sender, from the socket that has
 * received it and from the address that it was sent to. Any other payload goes to the
 * address in the header {@link IpHeaders#PACKET_ADDRESS}.
 * <p>
 * It stands in for Spring Integration's {@code UnicastSendingMessageHandler}. That would
 * open another socket, and a connected client ignores answers from another socket.
 */
public final class NettyUdpSendingMessageHandler extends AbstractInternetProtocolSendingMessageHandler {

	/** The stock class needs a host; there is no fixed destination here. */
	private static final String ANY_HOST = "0.0.0.0";

	private final NettyUdpReceivingChannelAdapter server;

	private final @Nullable Integer replyPort;

	/**
	 * Creates a handler.
	 * @param server the adapter whose sockets it sends through
	 */
	public NettyUdpSendingMessageHandler(NettyUdpReceivingChannelAdapter server) {
		super(ANY_HOST, 0);
		this.server = server;
		this.replyPort = server.settings().replyPort();
	}

	@Override
	public String getComponentType() {
		return "udp:netty-outbound-channel-adapter";
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		if (message.getPayload() instanceof Datagram datagram) {
			Peer peer = datagram.peer();
			datagram.socket()
				.send(datagram.content().retain(), peer, (this.replyPort != null) ? this.replyPort : peer.port());
			return;
		}
		if (!(message.getHeaders().get(IpHeaders.PACKET_ADDRESS) instanceof InetSocketAddress receiver)
				|| receiver.isUnresolved()) {
			throw new MessageHandlingException(message, "no address in the header " + IpHeaders.PACKET_ADDRESS);
		}
		this.server.send(content(message), receiver);
	}

	private static ByteBuf content(Message<?> message) {
		return switch (message.getPayload()) {
			case ByteBuf bytes -> bytes.retain();
			case ByteBufHolder holder -> holder.content().retain();
			case byte[] bytes -> Unpooled.wrappedBuffer(bytes);
			case String text -> Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
			default -> throw new MessageHandlingException(message, "payload is neither bytes nor text");
		};
	}

	/**
	 * Has no effect: the receiving adapter opens and closes the sockets.
	 */
	@Override
	public void setLocalAddress(String localAddress) {
	}

	/**
	 * Has no effect: the receiving adapter opens and closes the sockets.
	 */
	@Override
	protected void doStart() {
	}

	/**
	 * Has no effect: the receiving adapter opens and closes the sockets.
	 */
	@Override
	protected void doStop() {
	}

}
