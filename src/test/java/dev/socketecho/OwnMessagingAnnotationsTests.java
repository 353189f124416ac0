package dev.socketecho;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.integration.annotation.ServiceActivator;
import org.springframework.integration.channel.QueueChannel;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.config.MessagingAnnotationBeanPostProcessor;
import org.springframework.integration.config.MessagingAnnotationPostProcessor;
import org.springframework.integration.support.MessageBuilder;
import org.springframework.messaging.Message;
import org.springframework.messaging.MessageChannel;

import static org.assertj.core.api.Assertions.assertThat;

class OwnMessagingAnnotationsTests {

	@Test
	void beanOfTheServiceAnswersMessages() {
		try (AnnotationConfigApplicationContext context = start("dev.socketecho")) {
			QueueChannel answers = new QueueChannel();
			context.getBean("input", MessageChannel.class)
				.send(MessageBuilder.withPayload("hello").setReplyChannel(answers).build());
			assertThat(answers.receive(0)).extracting(Message::getPayload).isEqualTo("HELLO");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "org.springframework", "dev.socket" })
	void beansOfOtherPackagesAreNotLookedAt(String ownPackage) {
		try (AnnotationConfigApplicationContext context = start(ownPackage)) {
			assertThat(context.containsBean("input")).isFalse();
		}
	}

	@Test
	void standsInThePlaceOfSpringIntegrationsOwn() {
		try (AnnotationConfigApplicationContext context = start("dev.socketecho")) {
			assertThat(context.getBeansOfType(MessagingAnnotationBeanPostProcessor.class).values())
				.hasExactlyElementsOfTypes(OwnMessagingAnnotations.class);
		}
	}

	private static AnnotationConfigApplicationContext start(String ownPackage) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		AutoConfigurationPackages.register(context, ownPackage);
		context.register(Service.class);
		context.refresh();
		return context;
	}

	static class Loud {

		@ServiceActivator(inputChannel = "input")
		String loud(String text) {
			return text.toUpperCase();
		}

	}

	/**
	 * As in the application, the bean of the service is defined before the registrar's.
	 */
	@Configuration(proxyBeanMethods = false)
	@Import({ Annotations.class, Integration.class })
	static class Service {

		@Bean
		Loud loud() {
			return new Loud();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Annotations {

		@Bean(OwnMessagingAnnotations.BEAN_NAME)
		static OwnMessagingAnnotations own(MessagingAnnotationPostProcessor annotations) {
			return SocketEchoApplication.ownMessagingAnnotations(annotations);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableIntegration
	static class Integration {

	}

}
