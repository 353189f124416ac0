package dev.socketecho.soak;

import java.util.Random;
import java.util.function.ToIntFunction;

/**
 * A client that breaks the rules.
 */
interface Hostile {

	/**
	 * The name of this client in the closing table.
	 */
	String name();

	/**
	 * Makes one attack.
	 * @param ports of the servers, by name
	 * @throws java.io.IOException if the server ends the connection, as it may
	 * @throws HostileSocket.StuckException if the server does what it must not do
	 */
	void attack(ToIntFunction<String> ports, Random random) throws Exception;

}
