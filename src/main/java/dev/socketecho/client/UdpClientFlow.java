package dev.socketecho.client;

import dev.socketecho.transport.loop.SharedHeaders;
import dev.socketecho.transport.udp.UdpClientReceivingChannelAdapter;
import dev.socketecho.transport.udp.UdpClientSendingMessageHandler;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.GenericMessage;

/**
 * The flows of a UDP client: one adapter that sends and one that receives, on the same
 * sockets.
 */
final class UdpClientFlow {

	private final UdpEchoClient client;

	private final String id;

	UdpClientFlow(UdpEchoClient client) {
		this.client = client;
		this.id = "udp.client." + client.name();
	}

	void register(IntegrationFlowContext flows) {
		DirectChannel requests = new DirectChannel();
		flows.registration(requests(requests))
			.id(this.id + ".requests.flow")
			.addBean(this.id + ".requests", requests)
			.autoStartup(false)
			.register();
		flows.registration(replies()).id(this.id + ".replies.flow").autoStartup(false).register();
		this.client.sendThrough((socket, datagram) -> this.client.sockets()
			.select(socket, () -> requests.send(new GenericMessage<>(datagram, SharedHeaders.NONE))));
	}

	private IntegrationFlow requests(DirectChannel requests) {
		return IntegrationFlow.from(requests)
			.handle(new UdpClientSendingMessageHandler(this.client.sockets()),
					(endpoint) -> endpoint.id(this.id + ".outbound").phase(EchoClients.PHASE))
			.get();
	}

	private IntegrationFlow replies() {
		DirectChannel replies = new DirectChannel();
		replies.setComponentName(this.id + ".replies");
		UdpClientReceivingChannelAdapter adapter = new UdpClientReceivingChannelAdapter(this.client.sockets());
		adapter.setBeanName(this.id + ".inbound");
		adapter.setOutputChannel(replies);
		adapter.setPhase(EchoClients.PHASE);
		MessageHandler handler = this.client::received;
		return IntegrationFlow.from(adapter)
			.handle(handler, (endpoint) -> endpoint.id(this.id + ".matcher").phase(EchoClients.PHASE - 1))
			.get();
	}

}
