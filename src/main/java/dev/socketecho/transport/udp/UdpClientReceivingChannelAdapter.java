package dev.socketecho.transport.udp;

import java.util.Map;

import dev.socketecho.transport.loop.SharedHeaders;
import io.netty.buffer.ByteBuf;

import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

/**
 * The inbound channel adapter of a UDP client. It receives from the sockets that the
 * {@link UdpClientSendingMessageHandler} sends through, on their event loop. Payloads are
 * {@link ByteBuf}s; they are released when the flow returns.
 */
public final class UdpClientReceivingChannelAdapter extends MessageProducerSupport {

	private final UdpClientSockets sockets;

	private final MessageHeaders headers;

	/**
	 * Creates an adapter.
	 * @param client the sockets
	 */
	public UdpClientReceivingChannelAdapter(UdpClientSockets sockets) {
		this.sockets = sockets;
		this.headers = new SharedHeaders(
				Map.of(IpHeaders.HOSTNAME, sockets.settings().host(), IpHeaders.PORT, sockets.settings().port()));
	}

	@Override
	public String getComponentType() {
		return "ip:udp-netty-client-inbound-channel-adapter";
	}

	@Override
	protected void doStart() {
		this.sockets.receiveWith((datagram) -> sendMessage(new GenericMessage<>(datagram, this.headers)));
	}

	@Override
	protected void doStop() {
		this.sockets.receiveWith((_) -> {
		});
	}

}
