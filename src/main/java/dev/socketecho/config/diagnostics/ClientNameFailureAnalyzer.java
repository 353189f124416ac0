package dev.socketecho.config.diagnostics;

import dev.socketecho.config.EchoClientRegistrar.ClientNameException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says which client cannot have its name.
 */
class ClientNameFailureAnalyzer extends AbstractFailureAnalyzer<ClientNameException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ClientNameException failure) {
		return new FailureAnalysis(
				"Property echo.tcp.clients.%1$s and property echo.udp.clients.%1$s: two echo clients cannot have the same name."
					.formatted(failure.getName()),
				"Give one of them another name.", failure);
	}

}
