package dev.socketecho.load;

import java.util.Locale;

/**
 * The states of a load run.
 */
public enum LoadState {

	/** It connects, or sends messages that count in no figure. */
	WARMING_UP,

	/** It sends messages that count, or waits for the last replies. */
	RUNNING,

	/** Its time is over. */
	FINISHED,

	/** It was stopped before its time was over. */
	STOPPED,

	/**
	 * It could make no connection; or it sent no message that counts, because the server
	 * was gone or did not answer those of the warm-up.
	 */
	FAILED;

	/**
	 * Returns the name as reports show it.
	 * @return the lower-case name
	 */
	public String value() {
		return name().toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns whether the run has ended.
	 * @return whether its figures are final
	 */
	public boolean isEnd() {
		return this == FINISHED || this == STOPPED || this == FAILED;
	}

}
