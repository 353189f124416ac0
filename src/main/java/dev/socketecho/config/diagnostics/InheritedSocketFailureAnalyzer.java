package dev.socketecho.config.diagnostics;

import dev.socketecho.transport.loop.InheritedSocketException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.StringUtils;

/**
 * Says why a socket that was handed over by a service manager cannot be used, and what to
 * do.
 */
class InheritedSocketFailureAnalyzer extends AbstractFailureAnalyzer<InheritedSocketException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, InheritedSocketException failure) {
		return new FailureAnalysis(StringUtils.capitalize(String.valueOf(failure.getMessage())),
				"Let the service manager hand over a socket that the server can use (in a systemd socket unit ListenStream= with "
						+ "Accept=no for TCP, ListenDatagram= for UDP), or another server's name (FileDescriptorName=), "
						+ "and leave echo.transport at auto or epoll.",
				failure);
	}

}
