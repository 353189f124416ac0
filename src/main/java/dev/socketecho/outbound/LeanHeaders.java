package dev.socketecho.outbound;

import org.springframework.messaging.MessageHeaders;

/**
 * The headers of all outgoing messages: none, since an id and a timestamp for each would
 * cost more than the message.
 */
final class LeanHeaders extends MessageHeaders {

	static final LeanHeaders INSTANCE = new LeanHeaders();

	private static final long serialVersionUID = 1L;

	private LeanHeaders() {
		super(null, ID_VALUE_NONE, -1L);
	}

}
