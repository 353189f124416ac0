package dev.socketecho.docs;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.config.properties.EchoProperties;
import jakarta.validation.constraints.NotNull;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of {@code docs/configuration.md} hold every property with its default, and
 * nothing else. The metadata has the properties of the service as a whole; those of a
 * map's entries it leaves to IDEs, so they are read from the records that are bound.
 */
class ConfigurationTablesTests {

	/** Properties by name, such as {@code echo.tcp.servers.<name>.port}. */
	private final Map<String, Parameter> properties = new TreeMap<>();

	ConfigurationTablesTests() {
		collect("echo", EchoProperties.class);
	}

	@ParameterizedTest
	@CsvSource({ "TCP servers, echo.tcp.servers.<name>.", "UDP servers, echo.udp.servers.<name>.",
			"TCP clients, echo.tcp.clients.<name>.", "UDP clients, echo.udp.clients.<name>.",
			"Probes, echo.probes.<name>.", "The service as a whole, ''" })
	void everyPropertyHasItsRowAndDefault(String heading, String prefix) throws IOException {
		Map<String, String> documented = Manual.rows(Manual.page("configuration"), "## " + heading)
			.stream()
			.collect(Collectors.toMap((row) -> prefix + row.get(0).replace("`", ""), (row) -> row.get(1)));
		Map<String, Parameter> expected = this.properties.entrySet()
			.stream()
			.filter((property) -> !isOfFault(property.getKey()))
			.filter((property) -> prefix.isEmpty() ? !property.getKey().contains("<name>")
					: property.getKey().startsWith(prefix))
			.collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
		assertThat(documented.keySet()).isNotEmpty().containsExactlyInAnyOrderElementsOf(expected.keySet());
		documented.forEach((name, text) -> assertDefault(name, text, expected.get(name)));
	}

	@Test
	void everyPropertyOfAFaultHasItsRow() throws IOException {
		assertThat(Manual.rows(Manual.page("faults"), "## Properties"))
			.extracting((row) -> "echo.tcp.servers.<name>.faults.<name>." + row.getFirst().replace("`", ""))
			.containsExactlyInAnyOrderElementsOf(this.properties.keySet()
				.stream()
				.filter((name) -> isOfFault(name) && name.contains(".tcp."))
				.toList());
	}

	@Test
	void everyPropertyOfTheMetadataIsOneOfThese() throws IOException, URISyntaxException {
		URI classes = EchoProperties.class.getProtectionDomain().getCodeSource().getLocation().toURI();
		try (InputStream metadata = classes.resolve("META-INF/spring-configuration-metadata.json")
			.toURL()
			.openStream()) {
			Map<String, Object> root = JsonParserFactory.getJsonParser()
				.parseMap(new String(metadata.readAllBytes(), StandardCharsets.UTF_8));
			assertThat((List<?>) root.get("properties")).extracting((property) -> ((Map<?, ?>) property).get("name"))
				.filteredOn((name) -> name.toString().startsWith("echo."))
				.isNotEmpty()
				.allMatch((name) -> this.properties.containsKey(name)
						|| this.properties.keySet().stream().anyMatch((known) -> known.startsWith(name + ".<name>.")));
		}
	}

	/** These are on the page about faults, once for TCP and UDP. */
	private static boolean isOfFault(String property) {
		return property.contains(".faults.<name>.");
	}

	private static void assertDefault(String name, String text, Parameter property) {
		DefaultValue value = property.getAnnotation(DefaultValue.class);
		if (value != null && value.value().length > 0) {
			assertThat(text).as(name).isEqualTo("`" + String.join(",", value.value()) + "`");
		}
		else if (Collection.class.isAssignableFrom(property.getType())
				|| Map.class.isAssignableFrom(property.getType())) {
			assertThat(text).as(name).isEqualTo("empty");
		}
		else if (AnnotatedElementUtils.hasAnnotation(property, NotNull.class) && !name.contains(".ssl.")) {
			assertThat(text).as(name).isEqualTo("required");
		}
		else {
			assertThat(text).as(name).isNotEmpty().doesNotContain("`").isNotEqualTo("required");
		}
	}

	private void collect(String prefix, Class<?> record) {
		Constructor<?> constructor = record.getDeclaredConstructors()[0];
		Stream.of(constructor.getParameters()).forEach((parameter) -> {
			String name = prefix + "." + name(parameter);
			if (parameter.getParameterizedType() instanceof ParameterizedType type
					&& Map.class.isAssignableFrom(parameter.getType())
					&& type.getActualTypeArguments()[1] instanceof Class<?> value && value.isRecord()) {
				if (prefix.endsWith(".<name>")) {
					this.properties.put(name, parameter);
				}
				collect(name + ".<name>", value);
			}
			else if (parameter.getType().isRecord()
					&& parameter.getType().getPackage().equals(EchoProperties.class.getPackage())) {
				collect(name, parameter.getType());
			}
			else {
				this.properties.put(name, parameter);
			}
		});
	}

	private static String name(Parameter parameter) {
		Name name = parameter.getAnnotation(Name.class);
		return (name != null) ? name.value()
				: StringUtils.uncapitalize(parameter.getName()).replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
	}

}
