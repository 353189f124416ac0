package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.server.EchoServers;
import dev.socketecho.server.InstanceIdentity;
import dev.socketecho.server.ServerMode;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.tls.ServerTls;
import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.InheritedSockets;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.tcp.settings.ConnectionLimits;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.dsl.context.IntegrationFlowContext;
import org.springframework.integration.ip.event.IpIntegrationEvent;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One running server with its flow, on a free port of the loopback interface.
 */
public final class TestServer implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	public final RecordingTcpServerRecorder recorder;

	public final NettyTcpServerConnectionFactory factory;

	final AnnotationConfigApplicationContext context;

	final List<ApplicationEvent> events = new CopyOnWriteArrayList<>();

	public final EventLoops eventLoops;

	private TestServer(Spec spec) {
		this.eventLoops = new EventLoops(spec.transport, spec.threads, "test", spec.inheritedSockets);
		this.recorder = new RecordingTcpServerRecorder();
		this.factory = new NettyTcpServerConnectionFactory(spec.settings(), this.eventLoops, this.recorder);
		this.context = new AnnotationConfigApplicationContext();
		try {
			this.context.register(IntegrationConfiguration.class);
			this.context.addApplicationListener((ApplicationListener<IpIntegrationEvent>) this.events::add);
			if (spec.flow == null) {
				TcpEchoServer server = new TcpEchoServer(this.factory, spec.mode, spec.identity, null);
				this.context.registerBean(EchoServers.class, () -> new EchoServers(List.of(server), List.of(),
						this.context.getBean(IntegrationFlowContext.class)));
				this.context.refresh();
			}
			else {
				this.context.refresh();
				this.context.getBean(IntegrationFlowContext.class)
					.registration(spec.flow.apply(this.factory))
					.addBean("connectionFactory", this.factory)
					.register();
			}
		}
		catch (RuntimeException ex) {
			close();
			throw ex;
		}
	}

	/**
	 * Starts a server with default settings.
	 */
	public static TestServer start(Framing framing) {
		return start(framing, (_) -> {
		});
	}

	/**
	 * Starts a server.
	 */
	public static TestServer start(Framing framing, Consumer<Spec> changes) {
		Spec spec = new Spec(framing);
		changes.accept(spec);
		return new TestServer(spec);
	}

	public TestClient connect() {
		return new TestClient("127.0.0.1", this.factory.getPort());
	}

	/**
	 * Waits until the one connection that was made has ended, and looks at why.
	 */
	public void awaitClosed(CloseReason reason, SocketError... errors) {
		Awaitility.await()
			.atMost(TIMEOUT)
			.until(() -> !this.recorder.closed.isEmpty() && this.factory.activeConnections() == 0);
		assertThat(this.recorder.closed).containsExactly(reason);
		assertThat(this.recorder.errors).containsExactly(errors);
		assertThat(this.recorder.opened).hasValue(1);
	}

	@Override
	public void close() {
		this.context.close();
		this.factory.stop();
		this.eventLoops.close();
	}

	/**
	 * What may differ between tests.
	 */
	public static final class Spec {

		private final Framing framing;

		public @Nullable String delimiter;

		public int maxMessageSize = 1024 * 1024;

		public boolean burst = true;

		public boolean closeAfterReply;

		public @Nullable String address = "127.0.0.1";

		public int port;

		public Duration idleTimeout = Duration.ZERO;

		public ConnectionLimits limits = ConnectionLimits.NONE;

		public long maxPendingBytes = 1024 * 1024;

		public SourceFilter sources = SourceFilter.ALL;

		public InheritedSockets inheritedSockets = InheritedSockets.NONE;

		public boolean proxyProtocol;

		public @Nullable ServerTls tls;

		public SocketOptions options = SocketOptions.DEFAULTS;

		public Duration lingerTimeout = Duration.ofSeconds(2);

		public TransportType transport = TransportType.AUTO;

		public int threads = 2;

		public @Nullable String greeting;

		public InstanceIdentity identity = new InstanceIdentity("test-host", Map.of());

		public ServerMode mode = ServerMode.ECHO;

		public @Nullable Function<NettyTcpServerConnectionFactory, IntegrationFlow> flow;

		private Spec(Framing framing) {
			this.framing = framing;
			this.delimiter = (framing == Framing.DELIMITER) ? "<EOF>" : null;
		}

		private TcpServerSettings settings() {
			return new TcpServerSettings("test", this.address, this.port, 128,
					new FramingSpec(this.framing, this.delimiter, this.maxMessageSize, this.burst), this.greeting,
					this.closeAfterReply, this.idleTimeout, this.limits, this.maxPendingBytes, this.sources,
					this.proxyProtocol, this.tls, this.options, this.lingerTimeout);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	static class IntegrationConfiguration {

	}

}
