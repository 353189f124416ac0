package dev.socketecho.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Framing}: places outside of the code that list the framings have all of
 * them.
 */
class FramingTests {

	private static final List<String> VALUES = Stream.of(Framing.values()).map(Framing::value).toList();

	@Test
	void chartAllowsEveryFraming() throws IOException {
		JsonNode schema = JsonMapper.shared()
			.readTree(Files.readString(Path.of("helm/socket-echo/values.schema.json")));
		assertThat(schema.at("/definitions/framing/enum").valueStream().map(JsonNode::asString))
			.containsExactlyInAnyOrderElementsOf(VALUES);
	}

}
