package dev.socketecho.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.InheritedSockets;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.BoundPorts;
import dev.socketecho.transport.udp.NettyUdpReceivingChannelAdapter;
import dev.socketecho.transport.udp.UdpServerSettings;
import dev.socketecho.transport.udp.UdpTestServer;
import org.jspecify.annotations.Nullable;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.context.IntegrationFlowContext;

/**
 * A running UDP server with the flow of its mode.
 */
final class UdpFlowServer implements AutoCloseable {

	final UdpTestServer.Recorder recorder = new UdpTestServer.Recorder();

	final NettyUdpReceivingChannelAdapter adapter;

	private final EventLoops eventLoops;

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	UdpFlowServer(TransportType transport, UdpServerSettings settings, ServerMode mode, InstanceIdentity identity,
			@Nullable ReflectorSettings reflector) {
		this.eventLoops = new EventLoops(transport, 2, "test", InheritedSockets.NONE);
		this.adapter = new NettyUdpReceivingChannelAdapter(settings, List.of(), this.eventLoops, new BoundPorts(),
				this.recorder);
		UdpEchoServer server = new UdpEchoServer(this.adapter, mode, identity, reflector, null);
		this.context.register(IntegrationConfiguration.class);
		this.context.registerBean(EchoServers.class,
				() -> new EchoServers(List.of(), List.of(server), this.context.getBean(IntegrationFlowContext.class)));
		this.context.refresh();
	}

	InetSocketAddress at(String address) throws IOException {
		return new InetSocketAddress(InetAddress.getByName(address), this.adapter.getPort());
	}

	@Override
	public void close() {
		this.context.close();
		this.adapter.stop();
		this.eventLoops.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	static class IntegrationConfiguration {

	}

}
