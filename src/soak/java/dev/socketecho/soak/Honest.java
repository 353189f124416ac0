package dev.socketecho.soak;

import java.util.Random;

/**
 * A client that follows the rules: each of its failures is the service's.
 */
interface Honest {

	/**
	 * The server that it calls.
	 */
	String server();

	/**
	 * Connects, checks some echoes and closes.
	 * @throws Exception if anything is not as it should be
	 */
	void session(Tally tally, Random random) throws Exception;

}
