package dev.socketecho;

import dev.socketecho.config.ServiceConfiguration;
import io.netty.util.ResourceLeakDetector;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Import;

/**
 * Entry point of the Socket Echo service.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@Import(ServiceConfiguration.class)
public class SocketEchoApplication {

	/**
	 * Starts the service.
	 * @param args the command line arguments
	 */
	public static void main(String[] args) {
		turnLeakDetectionOff();
		rejectRenegotiation();
		SpringApplication.run(SocketEchoApplication.class, args);
	}

	/**
	 * Netty samples buffers for leaks by default, at a cost per buffer. The tests look at
	 * every buffer; in service it is off unless it is asked for.
	 */
	private static void turnLeakDetectionOff() {
		if (System.getProperty("io.netty.leakDetection.level") == null) {
			ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
		}
	}

	/**
	 * In TLS 1.2 a client may ask for another handshake as often as it likes, each at the
	 * server's expense; nobody needs that. The JDK reads this when TLS is first used.
	 */
	private static void rejectRenegotiation() {
		String property = "jdk.tls.rejectClientInitiatedRenegotiation";
		if (System.getProperty(property) == null) {
			System.setProperty(property, "true");
		}
	}

}
