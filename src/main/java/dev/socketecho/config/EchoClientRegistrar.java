package dev.socketecho.config;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.EchoClients;
import dev.socketecho.config.properties.EchoProperties;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.core.env.Environment;

/**
 * Registers a bean for each configured client. The client's name is the bean's qualifier.
 * The bean's name has a prefix, so that a client may be called {@code environment}.
 * <p>
 * Spring calls this at each start, also of a {@linkplain dev.socketecho.PreparedContext
 * prepared context}, and before other beans exist. So only the names are read here;
 * {@link EchoProperties} is bound and validated later.
 */
final class EchoClientRegistrar implements BeanDefinitionRegistryPostProcessor {

	/**
	 * No other bean has a name that begins so.
	 */
	private static final String BEAN_NAME_PREFIX = "echoClient.";

	private final Environment environment;

	private final BeanFactory beanFactory;

	EchoClientRegistrar(Environment environment, BeanFactory beanFactory) {
		this.environment = environment;
		this.beanFactory = beanFactory;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		Set<String> taken = new HashSet<>();
		for (String prefix : List.of("echo.tcp.clients", "echo.udp.clients")) {
			for (String name : names(prefix)) {
				if (!taken.add(name)) {
					throw new InvalidConfigurationPropertyValueException(prefix + "." + name, null,
							"two echo clients cannot have the same name, and there is an echo.tcp.clients." + name);
				}
				registry.registerBeanDefinition(BEAN_NAME_PREFIX + name, definition(name));
			}
		}
	}

	private Set<String> names(String prefix) {
		return Binder.get(this.environment)
			.bind(prefix, Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet();
	}

	private RootBeanDefinition definition(String name) {
		RootBeanDefinition definition = new RootBeanDefinition(EchoClient.class, () -> {
			EchoClient client = this.beanFactory.getBean(EchoClients.class).byName(name);
			if (client == null) {
				throw new IllegalStateException("there is no echo client '%s'".formatted(name));
			}
			return client;
		});
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		return definition;
	}

}
