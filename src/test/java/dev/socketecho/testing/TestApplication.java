package dev.socketecho.testing;

import java.util.Objects;
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
	 * The profile in which the ports that it opens by itself are free ones.
	 */
	public static final String FREE_PORTS = "free-ports";

	private TestApplication() {
	}

	/**
	 * Starts the application.
	 * @param properties more properties, such as {@code echo.event-loops=1}
	 */
	public static ConfigurableApplicationContext run(String... properties) {
		return new SpringApplicationBuilder(SocketEchoApplication.class).profiles(FREE_PORTS)
			.run(Stream.of(properties).map((property) -> "--" + property).toArray(String[]::new));
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
