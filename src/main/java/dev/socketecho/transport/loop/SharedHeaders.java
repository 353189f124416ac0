package dev.socketecho.transport.loop;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.messaging.MessageHeaders;
import org.springframework.messaging.core.GenericMessagingTemplate;

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
	 * @param headers names and values; timeouts of a messaging template are not among
	 * them
	 */
	public SharedHeaders(Map<String, Object> headers) {
		super(headers, ID_VALUE_NONE, -1L);
	}

	@Override
	public @Nullable Object get(Object key) {
		return isTimeout(key) ? null : super.get(key);
	}

	@Override
	public boolean containsKey(Object key) {
		return !isTimeout(key) && super.containsKey(key);
	}

	/**
	 * Whether the key is one of those that {@link GenericMessagingTemplate} looks up for
	 * each message. No headers have them, and with many connections the map would not be
	 * in the processor's caches.
	 */
	private static boolean isTimeout(Object key) {
		return key.equals(GenericMessagingTemplate.DEFAULT_SEND_TIMEOUT_HEADER)
				|| key.equals(GenericMessagingTemplate.DEFAULT_RECEIVE_TIMEOUT_HEADER);
	}

}
