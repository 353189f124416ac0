package dev.socketecho.client;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.messaging.MessageHandler;

/**
 * The flows of a TCP client: the stock outbound adapter for requests and, collaborating
 * with it through the connection factory, the stock inbound adapter for replies.
 */
final class TcpClientFlow {

	private final TcpEchoClient client;

	private final String id;

	TcpClientFlow(TcpEchoClient client) {
		this.client = client;
		this.id = "tcp.client." + client.name();
	}

	void register(IntegrationFlowContext flows) {
		DirectChannel requests = new DirectChannel();
		flows.registration(requests(requests))
			.id(this.id + ".requests.flow")
			.addBean(this.id + ".connectionFactory", this.client.connectionFactory())
			.addBean(this.id + ".requests", requests)
			.autoStartup(false)
			.register();
		flows.registration(replies()).id(this.id + ".replies.flow").autoStartup(false).register();
		this.client.exchanges()
			.sendThrough((connection, message) -> this.client.connectionFactory()
				.select(connection, () -> requests.send(message)));
	}

	private IntegrationFlow requests(DirectChannel requests) {
		return IntegrationFlow.from(requests)
			.handle(Tcp.outboundAdapter(this.client.connectionFactory()),
					(endpoint) -> endpoint.id(this.id + ".outbound").phase(EchoClients.PHASE))
			.get();
	}

	private IntegrationFlow replies() {
		DirectChannel replies = new DirectChannel();
		replies.setComponentName(this.id + ".replies");
		MessageHandler handler = this.client.exchanges()::received;
		return IntegrationFlow
			.from(Tcp.inboundAdapter(this.client.connectionFactory())
				.id(this.id + ".inbound")
				.outputChannel(replies)
				.phase(EchoClients.PHASE))
			.handle(handler, (endpoint) -> endpoint.id(this.id + ".matcher").phase(EchoClients.PHASE - 1))
			.get();
	}

}
