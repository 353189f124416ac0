package dev.socketecho;

import java.util.List;
import java.util.stream.Stream;

import org.springframework.aot.AotDetector;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.env.RandomValuePropertySource;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.util.ClassUtils;

/**
 * Starts with the bean definitions that the build has made (Spring's ahead-of-time
 * processing), if they are what Spring would make of this configuration. Otherwise Spring
 * reads all configuration classes and their conditions, which takes a third of the time
 * of a start.
 * <p>
 * The build has no configuration but {@code application.yml}. Conditions depend on
 * properties of Spring and {@link #CONDITIONS some of the service}. If one of these is
 * set, and it is not {@link #HARMLESS known to be harmless}, the definitions of the build
 * are not used. So everything can be configured.
 * <p>
 * Spring Boot finds this class by {@code META-INF/spring.factories}, and calls it when it
 * has read the configuration, before it makes the context.
 */
class PreparedContext implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/** Where conditions look. */
	private static final List<ConfigurationPropertyName> CONDITIONS = names("management", "spring", "server",
			"echo.web", "debug", "trace");

	/** What no condition of any configuration looks at. */
	private static final List<ConfigurationPropertyName> HARMLESS = names("management.endpoint.connections.access",
			"management.endpoint.echo.access", "management.endpoint.faults.access", "management.endpoint.load.access",
			"server.address", "server.port", "spring.application", "spring.config", "spring.lifecycle",
			"spring.profiles", "spring.ssl.bundle");

	/** The file that the build knows. */
	private static final String PACKAGED = "class path resource [application.yml]";

	private static List<ConfigurationPropertyName> names(String... names) {
		return Stream.of(names).map(ConfigurationPropertyName::of).toList();
	}

	/** After the listener that reads the configuration. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (isFreeToChoose() && isPrepared(event.getSpringApplication()) && isAsPrepared(event.getEnvironment())) {
			SpringProperties.setFlag(AotDetector.AOT_ENABLED);
		}
	}

	private static boolean isFreeToChoose() {
		return SpringProperties.getProperty(AotDetector.AOT_ENABLED) == null
				&& System.getProperty("spring.aot.processing") == null;
	}

	/** Neither a test, which has another main class, nor a start from an IDE. */
	private static boolean isPrepared(SpringApplication application) {
		Class<?> main = application.getMainApplicationClass();
		return main != null
				&& ClassUtils.isPresent(main.getName() + "__ApplicationContextInitializer", main.getClassLoader());
	}

	static boolean isAsPrepared(ConfigurableEnvironment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source.getUnderlyingSource() instanceof PropertySource<?> underlying
					&& (underlying instanceof RandomValuePropertySource || underlying.getName().contains(PACKAGED))) {
				continue;
			}
			if (!(source instanceof IterableConfigurationPropertySource iterable)
					|| iterable.stream().anyMatch(PreparedContext::changesConditions)) {
				return false;
			}
		}
		return true;
	}

	private static boolean changesConditions(ConfigurationPropertyName name) {
		return isIn(CONDITIONS, name) && !isIn(HARMLESS, name);
	}

	private static boolean isIn(List<ConfigurationPropertyName> roots, ConfigurationPropertyName name) {
		return roots.stream().anyMatch((root) -> root.equals(name) || root.isAncestorOf(name));
	}

}
