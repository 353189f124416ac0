package dev.socketecho.testing;

import java.util.Objects;
import java.util.List;
import java.util.stream.Stream;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.client.EchoClient;
import dev.socketecho.server.EchoServers;

import org.springframework.beans.factory.annotation.BeanFactoryAnnotationUtils;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The application within the test's process, on free ports.
 */
public final class TestApplication {

	/**
	 * The properties of the ports that it opens by itself.
	 */
	public static final List<String> PORTS = List.of("server.port", "echo.tcp.servers.stream.port",
			"echo.tcp.servers.line.port", "echo.tcp.servers.message.port", "echo.tcp.servers.collect.port",
			"echo.udp.servers.datagram.port");

	private TestApplication() {
	}

	/**
	 * Starts the application.
	 * @param properties more properties, such as {@code echo.event-loops=1}
	 */
	public static ConfigurableApplicationContext run(String... properties) {
		String[] arguments = Stream.concat(PORTS.stream().map((port) -> port + "=0"), Stream.of(properties))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		return new SpringApplicationBuilder(SocketEchoApplication.class).run(arguments);
	}

	/**
	 * A client, as a bean that asks for it by {@code @Qualifier} gets it.
	 */
	public static EchoClient client(ConfigurableApplicationContext application, String name) {
		return BeanFactoryAnnotationUtils.qualifiedBeanOfType(application.getBeanFactory(), EchoClient.class, name);
	}

	/**
	 * The port on which a TCP server of an application listens.
	 */
	public static int port(ConfigurableApplicationContext application, String server) {
		return Objects.requireNonNull(application.getBean(EchoServers.class).tcp(server), server).port();
	}

}
