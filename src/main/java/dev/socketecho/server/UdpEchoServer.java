package dev.socketecho.server;

import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import dev.socketecho.transport.udp.NettyUdpSendingMessageHandler;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.IntegrationFlowBuilder;
import org.springframework.messaging.MessageHandler;

/**
 * A UDP server and its flow: the inbound adapter, a channel, and either the outbound
 * adapter, which sends each datagram back to its sender, or nothing.
 *
 * @param adapter the sockets
 * @param mode what becomes of a datagram
 * @param logging how much is logged of the datagrams; {@code null} for nothing
 */
public record UdpEchoServer(NettyUdpReceivingChannelAdapter adapter, ServerMode mode,
		@Nullable PayloadLogging logging) {

	/**
	 * When the sockets open and close, among Spring's lifecycle phases: after the
	 * channels, before and after the web server.
	 */
	private static final int PHASE = Integer.MAX_VALUE / 2;

	/**
	 * Returns the server's name.
	 * @return the name
	 */
	public String name() {
		return this.adapter.settings().name();
	}

	/**
	 * Returns the name under which the flow is registered; the names of its parts begin
	 * with it.
	 * @return the id
	 */
	public String flowId() {
		return "udp." + name();
	}

	/**
	 * Builds the flow.
	 * @return a new flow
	 */
	public IntegrationFlow flow() {
		DirectChannel messages = channel("messages");
		this.adapter.setBeanName(flowId() + ".inbound");
		this.adapter.setPhase(PHASE);
		this.adapter.setOutputChannel(messages);
		IntegrationFlowBuilder flow = IntegrationFlow.from(this.adapter);
		if (this.logging != null) {
			PayloadLogger logger = new PayloadLogger(name(), this.logging);
			flow.wireTap((tap) -> tap.channel(channel("tap"))
				.handle((MessageHandler) logger, (endpoint) -> endpoint.id(flowId() + ".logger")));
		}
		return switch (this.mode) {
			// The handler's endpoint subscribes before the sockets open: a datagram can
			// never find the channel without it.
			case ECHO -> flow.handle(new NettyUdpSendingMessageHandler(this.adapter),
					(endpoint) -> endpoint.id(flowId() + ".outbound").phase(PHASE - 1))
				.get();
			case COLLECT -> flow.nullChannel();
		};
	}

	private DirectChannel channel(String suffix) {
		DirectChannel channel = new DirectChannel();
		channel.setComponentName(flowId() + "." + suffix);
		return channel;
	}

}
