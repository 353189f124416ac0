package dev.socketecho.transport.udp;

import org.springframework.integration.handler.AbstractMessageHandler;
import org.springframework.messaging.Message;

/**
 * The outbound channel adapter of a UDP client. It sends a {@link ClientDatagram} through
 * the socket that {@link UdpClientSockets#select} has selected. It does not extend Spring
 * Integration's {@code AbstractInternetProtocolSendingMessageHandler}, because that looks
 * the host up once, in its constructor, while the service starts.
 */
public final class UdpClientSendingMessageHandler extends AbstractMessageHandler {

	private final UdpClientSockets sockets;

	/**
	 * Creates a handler.
	 * @param client the sockets
	 */
	public UdpClientSendingMessageHandler(UdpClientSockets sockets) {
		this.sockets = sockets;
	}

	@Override
	public String getComponentType() {
		return "ip:udp-netty-client-outbound-channel-adapter";
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		this.sockets.selected().send((ClientDatagram) message.getPayload());
	}

}
