package dev.socketecho;

import java.util.Locale;

import dev.socketecho.config.ServiceConfiguration;
import io.netty.util.ResourceLeakDetector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.actuate.autoconfigure.audit.AuditAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.audit.AuditEventsEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.startup.StartupEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.exchanges.HttpExchangesEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.aop.AopAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.ReactiveMultipartAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebSessionIdResolverAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.actuate.web.exchanges.WebFluxHttpExchangesAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.i18n.LocaleContextHolder;
import org.springframework.integration.config.MessagingAnnotationPostProcessor;

/**
 * Entry point of the Socket Echo service.
 * <p>
 * The excluded configurations would be read at each start and change nothing: they need
 * aspects, or a bean that only code can add, or they are for uploads and sessions.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(exclude = { AopAutoConfiguration.class, AuditAutoConfiguration.class,
		AuditEventsEndpointAutoConfiguration.class, HttpExchangesEndpointAutoConfiguration.class,
		ReactiveMultipartAutoConfiguration.class, StartupEndpointAutoConfiguration.class,
		WebFluxHttpExchangesAutoConfiguration.class, WebSessionIdResolverAutoConfiguration.class })
@Import(ServiceConfiguration.class)
public class SocketEchoApplication {

	/**
	 * Starts the service.
	 * @param args the command line arguments
	 */
	public static void main(String[] args) {
		turnLeakDetectionOff();
		rejectRenegotiation();
		validateInEnglish();
		SpringApplication.run(SocketEchoApplication.class, args);
	}

	@Bean(OwnMessagingAnnotations.BEAN_NAME)
	static OwnMessagingAnnotations ownMessagingAnnotations(MessagingAnnotationPostProcessor annotations) {
		return new OwnMessagingAnnotations(annotations);
	}

	/**
	 * By default Netty samples buffers for leaks, which costs time for each buffer. The
	 * tests check every buffer, so the service does not, unless the property is set.
	 */
	private static void turnLeakDetectionOff() {
		if (System.getProperty("io.netty.leakDetection.level") == null) {
			ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
		}
	}

	/**
	 * In TLS 1.2 a client may start a new handshake as often as it likes, and each costs
	 * the server CPU time. The JDK reads this property when TLS is first used.
	 */
	private static void rejectRenegotiation() {
		String property = "jdk.tls.rejectClientInitiatedRenegotiation";
		if (System.getProperty(property) == null) {
			System.setProperty(property, "true");
		}
	}

	/**
	 * Messages of constraints would otherwise be in the language of the process, in the
	 * middle of a text in English.
	 */
	private static void validateInEnglish() {
		LocaleContextHolder.setDefaultLocale(Locale.ENGLISH);
	}

}
