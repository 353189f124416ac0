package dev.socketecho.transport.udp;

import org.springframework.integration.handler.AbstractMessageHandler;
import org.springframework.messaging.Message;

/**
 * The outbound channel adapter of a UDP client. It is not built on
 * {@code AbstractInternetProtocolSendingMessageHandler}, whose constructor looks the host
 * up, once and for all, while the service starts.
 */
public final class UdpClientSendingMessageHandler extends AbstractMessageHandler {

	private final UdpClientSockets client;

	/**
	 * Creates a handler.
	 * @param client the sockets
	 */
	public UdpClientSendingMessageHandler(UdpClientSockets client) {
		this.client = client;
	}

	@Override
	public String getComponentType() {
		return "ip:udp-netty-client-outbound-channel-adapter";
	}

	@Override
	protected void handleMessageInternal(Message<?> message) {
		this.client.selected().send((ClientDatagram) message.getPayload());
	}

}
