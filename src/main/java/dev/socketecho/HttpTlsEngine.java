package dev.socketecho;

import java.util.List;

import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * Keeps the JDK's TLS engine for HTTP. Where OpenSSL's library loads, Reactor Netty takes
 * OpenSSL's engine for HTTP without a choice, and that knows fewer keys: no Ed25519, and
 * of keys of RSA and EC together only one. So if HTTP has TLS, Netty does not load the
 * library, and echo servers have the JDK's engine, too.
 * <p>
 * Spring Boot finds this class by {@code META-INF/spring.factories}, and calls it when it
 * has read the configuration, before Netty is used.
 */
class HttpTlsEngine implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	private static final String NO_OPENSSL = "io.netty.handler.ssl.noOpenSsl";

	private static final List<String> HTTP = List.of("server.ssl", "management.server.ssl");

	/** After the listener that reads the configuration. */
	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (isSecured(event.getEnvironment()) && System.getProperty(NO_OPENSSL) == null) {
			System.setProperty(NO_OPENSSL, "true");
		}
	}

	/**
	 * Whether HTTP, or that of a management port, has TLS.
	 */
	static boolean isSecured(Environment environment) {
		Binder binder = Binder.get(environment);
		return HTTP.stream()
			.anyMatch((prefix) -> binder.bind(prefix, Bindable.mapOf(String.class, Object.class)).isBound());
	}

}
