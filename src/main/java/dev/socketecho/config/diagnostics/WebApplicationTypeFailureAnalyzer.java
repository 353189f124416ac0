package dev.socketecho.config.diagnostics;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which property asks for a servlet container, which the service does not have. It
 * fails before Spring has an environment, so value and origin are not known.
 */
class WebApplicationTypeFailureAnalyzer extends AbstractFailureAnalyzer<NoClassDefFoundError> {

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoClassDefFoundError cause) {
		if (!String.valueOf(cause.getMessage()).startsWith("jakarta/servlet/")) {
			return null;
		}
		return new FailureAnalysis(
				"Property: spring.main.web-application-type%n    Reason: asks for a servlet container, and there is none"
					.formatted(),
				"Leave spring.main.web-application-type out, or set it to reactive, or to none for a service without HTTP.",
				cause);
	}

}
