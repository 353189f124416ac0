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
 * Sends datagrams through the sockets of a {@link NettyUdpReceivingChannelAdapter}. A
 * {@link Datagram} goes back to its sender, from the socket and the address that it came
 * to; the stock handler would open another socket, from which a connected caller takes
 * nothing. Any other payload goes where the header {@link IpHeaders#PACKET_ADDRESS} says.
 */
public final class NettyUdpSendingMessageHandler extends AbstractInternetProtocolSendingMessageHandler {

	/** There is no one destination. */
	private static final String ANY_HOST = "0.0.0.0";

	private final NettyUdpReceivingChannelAdapter server;

	private final @Nullable Integer replyPort;

	/**
	 * Creates a handler.
	 * @param server whose sockets to send through
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
			datagram.port()
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
			default -> throw new MessageHandlingException(message, "payload is no bytes and no text");
		};
	}

	/**
	 * Does nothing: the sockets are the server's.
	 */
	@Override
	public void setLocalAddress(String localAddress) {
	}

	/**
	 * Does nothing: the sockets are the server's.
	 */
	@Override
	protected void doStart() {
	}

	/**
	 * Does nothing: the sockets are the server's.
	 */
	@Override
	protected void doStop() {
	}

}
