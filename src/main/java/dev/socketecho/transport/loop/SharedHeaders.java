package dev.socketecho.transport.loop;

import java.util.Map;

import org.springframework.messaging.MessageHeaders;

/**
 * Headers that many messages share: without id and timestamp, which would have to be new
 * for every message, and would cost more than the message.
 */
public class SharedHeaders extends MessageHeaders {

	/**
	 * No headers.
	 */
	public static final SharedHeaders NONE = new SharedHeaders(Map.of());

	private static final long serialVersionUID = 1L;

	/**
	 * Creates headers.
	 * @param headers what they are
	 */
	public SharedHeaders(Map<String, Object> headers) {
		super(headers, ID_VALUE_NONE, -1L);
	}

}
