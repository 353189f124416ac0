package dev.socketecho.soak;

import java.util.Random;

/**
 * A client that does nothing wrong and may expect the same of the service.
 */
interface Honest {

	/**
	 * What it calls.
	 */
	String server();

	/**
	 * Comes, has something echoed and goes.
	 * @throws Exception if anything is not as it should be
	 */
	void session(Tally tally, Random random) throws Exception;

}
