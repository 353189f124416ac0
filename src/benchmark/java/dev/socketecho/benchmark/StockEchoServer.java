package dev.socketecho.benchmark;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.integration.config.EnableIntegration;
import org.springframework.integration.dsl.IntegrationFlow;
import org.springframework.integration.ip.dsl.Tcp;
import org.springframework.integration.ip.tcp.connection.AbstractServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpConnectionServerListeningEvent;
import org.springframework.integration.ip.tcp.connection.TcpNetServerConnectionFactory;
import org.springframework.integration.ip.tcp.connection.TcpNioServerConnectionFactory;

/**
 * Spring Integration's own connection factories with the stock adapters and the default
 * serializer, CR LF. The backlog is the only setting: its default, 5, would turn the
 * client away.
 */
@Configuration(proxyBeanMethods = false)
@EnableIntegration
class StockEchoServer {

	private static final int BACKLOG = 1024;

	/**
	 * Serves on a free port and prints it.
	 * @param args {@code net} or {@code nio}
	 */
	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(StockEchoServer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.run("--factory=" + args[0], "--logging.level.root=warn");
	}

	@Bean
	AbstractServerConnectionFactory connectionFactory(Environment environment) {
		AbstractServerConnectionFactory factory = "nio".equals(environment.getProperty("factory"))
				? new TcpNioServerConnectionFactory(0) : new TcpNetServerConnectionFactory(0);
		factory.setBacklog(BACKLOG);
		factory.setSoTcpNoDelay(true);
		return factory;
	}

	@Bean
	IntegrationFlow echo(AbstractServerConnectionFactory connectionFactory) {
		return IntegrationFlow.from(Tcp.inboundAdapter(connectionFactory))
			.handle(Tcp.outboundAdapter(connectionFactory))
			.get();
	}

	@EventListener
	void listening(TcpConnectionServerListeningEvent event) {
		System.out.println("port=" + event.getPort());
	}

}
