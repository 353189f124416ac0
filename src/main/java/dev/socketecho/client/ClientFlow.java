package dev.socketecho.client;

import java.util.Map;

import dev.socketecho.transport.loop.SharedHeaders;
import dev.socketecho.transport.udp.UdpClientReceivingChannelAdapter;
import dev.socketecho.transport.udp.UdpClientSendingMessageHandler;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.integration.dsl.context.IntegrationFlowContext.IntegrationFlowRegistrationBuilder;
import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.integration.ip.tcp.inbound.TcpReceivingChannelAdapter;
import org.springframework.integration.ip.tcp.outbound.TcpSendingMessageHandler;
import org.springframework.messaging.MessageHandler;
import org.springframework.messaging.support.GenericMessage;

/**
 * The two Spring Integration flows of a configured client, which {@link EchoClients}
 * registers. Messages pass them on the event loop of their socket:
 *
 * <pre>
 * TRANSPORT.client.NAME.requests --&gt; .outbound, which writes to the socket
 * TRANSPORT.client.NAME.inbound, which reads --&gt; .replies --&gt; .matcher, the client
 * </pre>
 */
final class ClientFlow {

	private final IntegrationFlowContext flows;

	private final String id;

	private ClientFlow(EchoClient client, IntegrationFlowContext flows) {
		this.flows = flows;
		this.id = client.transport() + ".client." + client.name();
	}

	/**
	 * Registers the flows of a client, and lets the client send through them.
	 */
	static void register(EchoClient client, IntegrationFlowContext flows) {
		ClientFlow flow = new ClientFlow(client, flows);
		switch (client) {
			case TcpEchoClient tcp -> flow.register(tcp);
			case UdpEchoClient udp -> flow.register(udp);
		}
	}

	private void register(TcpEchoClient client) {
		TcpSendingMessageHandler outbound = new TcpSendingMessageHandler();
		outbound.setConnectionFactory(client.connectionFactory());
		TcpReceivingChannelAdapter inbound = new TcpReceivingChannelAdapter();
		inbound.setConnectionFactory(client.connectionFactory());
		DirectChannel requests = registerRequests(outbound,
				Map.of(this.id + ".connectionFactory", client.connectionFactory()));
		registerReplies(inbound, client.connections()::received);
		client.connections()
			.sendThrough((connection, message) -> client.connectionFactory()
				.select(connection, () -> requests.send(message)));
	}

	private void register(UdpEchoClient client) {
		DirectChannel requests = registerRequests(new UdpClientSendingMessageHandler(client.sockets()), Map.of());
		registerReplies(new UdpClientReceivingChannelAdapter(client.sockets()), client::received);
		client.sendThrough((socket, datagram) -> client.sockets()
			.select(socket, () -> requests.send(new GenericMessage<>(datagram, SharedHeaders.NONE))));
	}

	private DirectChannel registerRequests(MessageHandler outbound, Map<String, Object> beans) {
		DirectChannel requests = new DirectChannel();
		IntegrationFlow flow = IntegrationFlow.from(requests)
			.handle(outbound, (endpoint) -> endpoint.id(this.id + ".outbound").phase(EchoClients.PHASE))
			.get();
		IntegrationFlowRegistrationBuilder registration = this.flows.registration(flow)
			.id(this.id + ".requests.flow")
			.addBean(this.id + ".requests", requests)
			.autoStartup(false);
		beans.forEach(registration::addBean);
		registration.register();
		return requests;
	}

	private void registerReplies(MessageProducerSupport inbound, MessageHandler matcher) {
		DirectChannel replies = new DirectChannel();
		replies.setComponentName(this.id + ".replies");
		inbound.setBeanName(this.id + ".inbound");
		inbound.setOutputChannel(replies);
		inbound.setPhase(EchoClients.PHASE);
		// One phase earlier: the channel has its subscriber before a reply can arrive.
		IntegrationFlow flow = IntegrationFlow.from(inbound)
			.handle(matcher, (endpoint) -> endpoint.id(this.id + ".matcher").phase(EchoClients.PHASE - 1))
			.get();
		this.flows.registration(flow).id(this.id + ".replies.flow").autoStartup(false).register();
	}

}
