package dev.socketecho.server;

import dev.socketecho.transport.tcp.NettyTcpServerConnectionFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.IntegrationFlowBuilder;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.messaging.MessageHandler;

/**
 * A TCP server and its flow: the stock inbound adapter, a channel, and either the stock
 * outbound adapter, which sends each message back to the connection that it came from, or
 * nothing.
 *
 * @param connectionFactory the sockets
 * @param mode what becomes of a message
 * @param logging how much is logged of the messages; {@code null} for nothing
 */
public record TcpEchoServer(NettyTcpServerConnectionFactory connectionFactory, ServerMode mode,
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
		return this.connectionFactory.settings().name();
	}

	/**
	 * Returns the name under which the flow is registered; the names of its parts begin
	 * with it.
	 * @return the id
	 */
	public String flowId() {
		return "tcp." + name();
	}

	/**
	 * Builds the flow.
	 * @return a new flow
	 */
	public IntegrationFlow flow() {
		IntegrationFlowBuilder flow = IntegrationFlow.from(Tcp.inboundAdapter(this.connectionFactory)
			.id(flowId() + ".inbound")
			.outputChannel(channel("messages"))
			.phase(PHASE));
		if (this.logging != null) {
			PayloadLogger logger = new PayloadLogger(name(), this.logging);
			flow.wireTap((tap) -> tap.channel(channel("tap"))
				.handle((MessageHandler) logger, (endpoint) -> endpoint.id(flowId() + ".logger")));
		}
		return switch (this.mode) {
			// The handler's endpoint subscribes, then starts the sockets: a message can
			// never find the channel without it.
			case ECHO -> flow.handle(Tcp.outboundAdapter(this.connectionFactory),
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
