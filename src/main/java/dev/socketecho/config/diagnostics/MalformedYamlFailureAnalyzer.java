package dev.socketecho.config.diagnostics;

import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import dev.socketecho.config.Secrets;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says where a configuration file is not valid YAML. The file is read before Spring has
 * an environment, so the parser's message is all that is known. The lines that the parser
 * quotes are left away: a key that begins with {@code @} or {@code %} is such a mistake.
 */
class MalformedYamlFailureAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> {

	/** What the parser quotes in its messages: text that looks like an alias or a tag. */
	private static final Pattern QUOTED = Pattern.compile("(?<=\\b(?:alias|anchor|tag) )\\S+");

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MarkedYAMLException cause) {
		String message = Stream
			.of(cause.getContext(), place(cause.getContextMark()), cause.getProblem(), place(cause.getProblemMark()))
			.filter(Objects::nonNull)
			.collect(Collectors.joining(System.lineSeparator()));
		return new FailureAnalysis(
				"A configuration file is not valid YAML:%n%n%s"
					.formatted(QUOTED.matcher(message).replaceAll(Secrets.HIDDEN)),
				"Correct the file: application.yml in the working directory or its folder 'config', or where "
						+ "spring.config.location and spring.config.additional-location point to.",
				cause);
	}

	private static @Nullable String place(@Nullable Mark mark) {
		return (mark != null) ? "    line %d, column %d".formatted(mark.getLine() + 1, mark.getColumn() + 1) : null;
	}

}
