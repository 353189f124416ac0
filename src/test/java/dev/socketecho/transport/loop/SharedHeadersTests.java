package dev.socketecho.transport.loop;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.messaging.core.GenericMessagingTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SharedHeaders}.
 */
class SharedHeadersTests {

	private final SharedHeaders headers = new SharedHeaders(Map.of("ip_hostname", "127.0.0.1"));

	@Test
	void hasWhatItWasMadeOf() {
		assertThat(this.headers).containsOnlyKeys("ip_hostname").containsEntry("ip_hostname", "127.0.0.1");
		assertThat(this.headers.get("ip_hostname", String.class)).isEqualTo("127.0.0.1");
		assertThat(this.headers.get("else")).isNull();
	}

	@Test
	void hasNoIdAndNoTimestamp() {
		assertThat(this.headers.getId()).isNull();
		assertThat(this.headers.getTimestamp()).isNull();
	}

	/** {@code GenericMessagingTemplate} asks for them before it sends a message. */
	@Test
	void hasNoTimeouts() {
		for (String timeout : new String[] { GenericMessagingTemplate.DEFAULT_SEND_TIMEOUT_HEADER,
				GenericMessagingTemplate.DEFAULT_RECEIVE_TIMEOUT_HEADER }) {
			assertThat(this.headers.get(timeout)).isNull();
			assertThat(this.headers.containsKey(timeout)).isFalse();
		}
	}

}
