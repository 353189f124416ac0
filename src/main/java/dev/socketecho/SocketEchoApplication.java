package dev.socketecho;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;

/**
 * Entry point of the Socket Echo service.
 */
@SpringBootApplication
@ConfigurationPropertiesScan
public class SocketEchoApplication {

	/**
	 * Starts the service.
	 * @param args the command line arguments
	 */
	public static void main(String[] args) {
		SpringApplication.run(SocketEchoApplication.class, args);
	}

}
