package dev.socketecho.transport.udp;

import java.util.Map;

import dev.socketecho.transport.loop.SharedHeaders;
import io.netty.buffer.ByteBuf;

import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.ip.IpHeaders;
import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.support.GenericMessage;

/**
 * The inbound channel adapter of a UDP client: it receives on the sockets that the
 * sending handler sends through. Payloads are {@link ByteBuf}s, released when the flow
 * returns.
 */
public final class UdpClientReceivingChannelAdapter extends MessageProducerSupport {

	private final UdpClientSockets client;

	private final MessageHeaders headers;

	/**
	 * Creates an adapter.
	 * @param client the sockets
	 */
	public UdpClientReceivingChannelAdapter(UdpClientSockets client) {
		this.client = client;
		this.headers = new SharedHeaders(
				Map.of(IpHeaders.HOSTNAME, client.settings().host(), IpHeaders.PORT, client.settings().port()));
	}

	@Override
	public String getComponentType() {
		return "ip:udp-netty-client-inbound-channel-adapter";
	}

	@Override
	protected void doStart() {
		this.client.receiveWith((datagram) -> sendMessage(new GenericMessage<>(datagram, this.headers)));
	}

	@Override
	protected void doStop() {
		this.client.receiveWith((_) -> {
		});
	}

}
