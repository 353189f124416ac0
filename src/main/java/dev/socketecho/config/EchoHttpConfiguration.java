package dev.socketecho.config;

import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

import dev.socketecho.actuate.AnswerLimitFilter;
import dev.socketecho.actuate.BodyLimitFilter;
import dev.socketecho.actuate.CrossOriginFilter;
import dev.socketecho.actuate.HttpConnectionLimits;
import dev.socketecho.actuate.HttpTlsInput;
import dev.socketecho.config.properties.EchoProperties;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The limits of HTTP: who may write, how long a body may be, how many connections may be
 * open, and how long they may be idle.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
class EchoHttpConfiguration {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	@Bean
	HttpConnectionLimits httpConnectionLimits(EchoProperties properties) {
		return new HttpConnectionLimits(properties.http().maxConnections(), TIMEOUT);
	}

	@Bean
	HttpTlsInput httpTlsInput() {
		return new HttpTlsInput();
	}

	@Bean
	CrossOriginFilter crossOriginFilter(EchoProperties properties) {
		return new CrossOriginFilter(properties.http()
			.allowedHosts()
			.stream()
			.map((host) -> host.toLowerCase(Locale.ROOT))
			.collect(Collectors.toSet()));
	}

	@Bean
	BodyLimitFilter bodyLimitFilter(WebEndpointProperties endpoints) {
		String echo = endpoints.getPathMapping().getOrDefault("echo", "echo");
		return new BodyLimitFilter(endpoints.getBasePath() + "/" + echo, Runtime.getRuntime().maxMemory());
	}

	@Bean
	AnswerLimitFilter answerLimitFilter() {
		return new AnswerLimitFilter(Runtime.getRuntime().maxMemory());
	}

}
