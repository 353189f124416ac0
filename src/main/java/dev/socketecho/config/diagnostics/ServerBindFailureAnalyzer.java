package dev.socketecho.config.diagnostics;

import java.util.Locale;

import dev.socketecho.transport.loop.ServerBindException;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/**
 * Says why a server cannot listen, and what to do.
 */
class ServerBindFailureAnalyzer extends AbstractFailureAnalyzer<ServerBindException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ServerBindException failure) {
		Throwable cause = failure.getCause();
		String reason = (cause != null && cause.getMessage() != null) ? " (" + cause.getMessage() + ")" : "";
		String description = "%s server '%s' cannot listen on address %s, port %d: %s%s".formatted(
				failure.getTransport().toUpperCase(Locale.ROOT), failure.getServer(), failure.getAddress(),
				failure.getPort(), failure.getError().tag(), reason);
		return new FailureAnalysis(description, action(failure), failure);
	}

	private static String action(ServerBindException failure) {
		boolean udp = "udp".equals(failure.getTransport());
		String property = "echo.%s.servers.%s".formatted(failure.getTransport(), failure.getServer());
		return switch (failure.getError()) {
			case ADDRESS_ALREADY_IN_USE ->
				"Stop the process that listens there (ss -l%snp 'sport = :%d' shows it), or set %s.port to another port, 0 for any free one."
					.formatted(udp ? "u" : "t", failure.getPort(), property);
			case ADDRESS_NOT_AVAILABLE ->
				"Set %s.address to an address of this host (ip address shows them), or leave it out to listen on all."
					.formatted(property);
			case PERMISSION_DENIED ->
				"Ports below 1024 need the right to open them: set %s.port to a higher one, or give the process CAP_NET_BIND_SERVICE."
					.formatted(property);
			case HOST_NOT_FOUND ->
				"Set %s.address to a name that resolves to an address of this host, or to the address itself."
					.formatted(property);
			default -> udp
					? "Check %s.address, %s.port, %s.multicast and %s.options.".formatted(property, property, property,
							property)
					: "Check %s.address, %s.port and %s.options.".formatted(property, property, property);
		};
	}

}
