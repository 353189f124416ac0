package dev.socketecho.app;

import java.io.IOException;
import java.util.Objects;

import dev.socketecho.server.EchoServers;

import org.springframework.core.env.Environment;

/**
 * The running application, as a test reaches it.
 */
public class EchoService {

	private final EchoServers servers;

	private final Environment environment;

	public EchoService(EchoServers servers, Environment environment) {
		this.servers = servers;
		this.environment = environment;
	}

	/**
	 * The port on which a server listens.
	 */
	public int port(String server) {
		return Objects.requireNonNull(this.servers.tcp(server), server).port();
	}

	/**
	 * Connects to a server.
	 */
	public EchoClient connect(String server) throws IOException {
		return EchoClient.connect(port(server));
	}

	/**
	 * The application's HTTP side.
	 */
	public Actuator actuator() {
		return new Actuator(this.environment.getRequiredProperty("local.server.port", Integer.class));
	}

}
