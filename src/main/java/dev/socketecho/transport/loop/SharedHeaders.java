package dev.socketecho.transport.loop;

import java.util.Map;

import org.springframework.messaging.MessageHeaders;

/**
 * Headers that many messages share. They have no id and no timestamp: these would have to
 * be new for each message, and cost more than the echo itself. Immutable.
 */
public class SharedHeaders extends MessageHeaders {

	/**
	 * No headers.
	 */
	public static final SharedHeaders NONE = new SharedHeaders(Map.of());

	private static final long serialVersionUID = 1L;

	/**
	 * Creates headers.
	 * @param headers names and values
	 */
	public SharedHeaders(Map<String, Object> headers) {
		super(headers, ID_VALUE_NONE, -1L);
	}

}
