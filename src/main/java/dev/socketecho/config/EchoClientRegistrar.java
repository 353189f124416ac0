package dev.socketecho.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.socketecho.outbound.EchoClient;
import dev.socketecho.outbound.EchoClients;

import org.springframework.beans.factory.BeanRegistrar;
import org.springframework.beans.factory.BeanRegistry;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Registers a bean for each configured client, under the client's name. Only the names
 * are read here; {@link EchoProperties} is what validates.
 */
final class EchoClientRegistrar implements BeanRegistrar {

	@Override
	public void register(BeanRegistry registry, Environment environment) {
		Set<String> taken = new HashSet<>();
		for (String prefix : List.of("echo.tcp.clients", "echo.udp.clients")) {
			for (String name : names(environment, prefix)) {
				if (!taken.add(name)) {
					throw new ClientNameException(name);
				}
				register(registry, name);
			}
		}
	}

	private static Set<String> names(Environment environment, String prefix) {
		return Binder.get(environment)
			.bind(prefix, Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet();
	}

	private static void register(BeanRegistry registry, String name) {
		registry.registerBean(name, EchoClient.class, (bean) -> bean.supplier((context) -> {
			EchoClient client = context.bean(EchoClients.class).byName(name);
			if (client == null) {
				throw new IllegalStateException("no echo client '%s'".formatted(name));
			}
			return client;
		}));
	}

	/**
	 * Two clients have the same name.
	 */
	static final class ClientNameException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		private final String name;

		ClientNameException(String name) {
			super("there are two echo clients '%s'".formatted(name));
			this.name = name;
		}

		String getName() {
			return this.name;
		}

	}

}
