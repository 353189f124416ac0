package dev.socketecho.config.diagnostics;

import org.yaml.snakeyaml.error.MarkedYAMLException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says where a configuration file is not valid YAML. The file is read before Spring has
 * an environment, so the parser's message is all that is known.
 */
class MalformedYamlFailureAnalyzer extends AbstractFailureAnalyzer<MarkedYAMLException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, MarkedYAMLException cause) {
		return new FailureAnalysis(
				"A configuration file is not valid YAML:%n%n%s".formatted(String.valueOf(cause.getMessage()).strip()),
				"Correct the file: application.yml in the working directory or its folder 'config', or where "
						+ "spring.config.location and spring.config.additional-location point to.",
				cause);
	}

}
