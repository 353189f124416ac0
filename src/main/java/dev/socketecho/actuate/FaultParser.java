package dev.socketecho.actuate;

import java.util.List;
import java.util.Map;

import dev.socketecho.server.EchoServer;
import dev.socketecho.server.FaultSetting;

/**
 * Makes faults of what a caller of {@code /actuator/faults} asks for, by the rules of the
 * configuration.
 */
@FunctionalInterface
public interface FaultParser {

	/**
	 * Parses faults. Called off the event loops.
	 * @param server the server that they are for
	 * @param faults the properties of each fault, by its name: what JSON has, in Java's
	 * types
	 * @return the faults
	 * @throws org.springframework.web.server.ResponseStatusException 400, with the reason
	 */
	List<FaultSetting> parse(EchoServer server, Map<String, Object> faults);

}
