package dev.socketecho.server;

import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.fault.FaultSet;
import org.jspecify.annotations.Nullable;

import org.springframework.integration.channel.DirectChannel;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.IntegrationFlowBuilder;
import org.springframework.integration.endpoint.MessageProducerSupport;
import org.springframework.messaging.MessageHandler;

/**
 * A configured server and its Spring Integration flow; every message runs through it on
 * the event loop of its connection or socket:
 *
 * <pre>
 * TRANSPORT.NAME.inbound --&gt; .messages --&gt; .outbound        (echo)
 *                                 |    --&gt; the null channel (collect)
 *                                 |    --&gt; .identifier --&gt; .answers --&gt; .outbound (identify)
 *                                 |    --&gt; .reflector  --&gt; .answers --&gt; .outbound (stamp)
 *                                 '--&gt; .tap --&gt; .logger     (with log-payload)
 * </pre>
 *
 * {@link EchoServers} registers the flow. The subclasses add the adapters of their
 * transport at both ends.
 */
public abstract sealed class EchoServer permits TcpEchoServer, UdpEchoServer {

	/**
	 * When the sockets open and close, among Spring's lifecycle phases: they open after
	 * the channels and before the web server, and close in the reverse order.
	 */
	private static final int PHASE = Integer.MAX_VALUE / 2;

	private final ServerMode mode;

	private final @Nullable PayloadLogSettings payloadLog;

	EchoServer(ServerMode mode, @Nullable PayloadLogSettings payloadLog) {
		this.mode = mode;
		this.payloadLog = payloadLog;
	}

	/**
	 * Returns the server's name, which no other server of the same transport has.
	 * @return the name as it is configured
	 */
	public abstract String name();

	/**
	 * Returns the transport.
	 * @return {@code tcp} or {@code udp}
	 */
	public abstract String transport();

	/**
	 * Returns where the server listens.
	 * @return the address and port, {@code null} while it does not listen
	 */
	public abstract @Nullable InetSocketAddress localAddress();

	/**
	 * Returns the server's port.
	 * @return the port that is open, else the configured one
	 */
	public abstract int port();

	/**
	 * Returns the faults that the server commits on purpose.
	 * @return the faults, none as a rule
	 */
	public abstract FaultSet faults();

	/**
	 * Replaces the faults. {@link ServerFaults} calls this, one change after the other.
	 * @return completes when each open connection and socket has them
	 */
	abstract CompletableFuture<Void> setFaults(FaultSet next);

	/**
	 * Creates the adapter that holds the sockets and begins the flow.
	 */
	abstract MessageProducerSupport inbound();

	/**
	 * Creates the adapter that sends a message back to where it came from.
	 */
	abstract MessageHandler outbound();

	/**
	 * Creates what answers the messages in {@code mode: identify}.
	 */
	abstract MessageHandler identifier();

	/**
	 * Creates what answers the messages in {@code mode: stamp}.
	 */
	abstract MessageHandler reflector();

	/**
	 * The id of the flow. The names of its components begin with it.
	 */
	final String flowId() {
		return transport() + "." + name();
	}

	final IntegrationFlow flow() {
		MessageProducerSupport inbound = inbound();
		inbound.setBeanName(flowId() + ".inbound");
		inbound.setPhase(PHASE);
		inbound.setOutputChannel(channel("messages"));
		IntegrationFlowBuilder flow = IntegrationFlow.from(inbound);
		if (this.payloadLog != null) {
			PayloadLogger logger = new PayloadLogger(name(), this.payloadLog);
			flow.wireTap((tap) -> tap.channel(channel("tap"))
				.handle((MessageHandler) logger, (endpoint) -> endpoint.id(flowId() + ".logger")));
		}
		return switch (this.mode) {
			case ECHO -> answered(flow);
			case COLLECT -> flow.nullChannel();
			case IDENTIFY -> answeredBy(flow, identifier(), "identifier");
			case STAMP -> answeredBy(flow, reflector(), "reflector");
		};
	}

	private IntegrationFlow answeredBy(IntegrationFlowBuilder flow, MessageHandler handler, String name) {
		return answered(flow.handle(handler, (endpoint) -> endpoint.id(flowId() + "." + name).phase(PHASE - 1))
			.channel(channel("answers")));
	}

	/**
	 * Ends a flow with the outbound adapter. It starts one phase before the inbound one:
	 * the channel has its subscriber before a socket opens.
	 */
	private IntegrationFlow answered(IntegrationFlowBuilder flow) {
		return flow.handle(outbound(), (endpoint) -> endpoint.id(flowId() + ".outbound").phase(PHASE - 1)).get();
	}

	private DirectChannel channel(String suffix) {
		DirectChannel channel = new DirectChannel();
		channel.setComponentName(flowId() + "." + suffix);
		return channel;
	}

}
