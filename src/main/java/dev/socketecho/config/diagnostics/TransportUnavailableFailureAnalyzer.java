package dev.socketecho.config.diagnostics;

import java.util.List;

import dev.socketecho.transport.loop.TransportType.TransportUnavailableException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Says why {@code echo.transport} cannot be used on this machine.
 */
class TransportUnavailableFailureAnalyzer extends AbstractFailureAnalyzer<TransportUnavailableException> {

	private final Environment environment;

	TransportUnavailableFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, TransportUnavailableException failure) {
		return InvalidProperty.analysis(
				List.of(InvalidProperty.of(this.environment, "echo.transport", failure.getType().value(),
						failure.getMessage())),
				"Set echo.transport to auto, which uses the best one that this machine has, or to nio, which every machine has.",
				failure);
	}

}
