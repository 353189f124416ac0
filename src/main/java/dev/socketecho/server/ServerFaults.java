package dev.socketecho.server;

import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

import dev.socketecho.fault.ActiveFault;
import dev.socketecho.fault.FaultSet;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The faults of all servers: what is set, and the only place that changes it. The
 * configuration sets faults before the servers listen, and {@code /actuator/faults}
 * afterwards. Each set is replaced whole, one change after the other, and each change is
 * a WARN line: faults that somebody forgot look like a broken network.
 * <p>
 * Thread-safe. Changes of TCP servers look at each open connection, so they are not made
 * on event loops.
 */
public final class ServerFaults {

	private static final Log log = LogFactory.getLog(ServerFaults.class);

	/** The most characters of a log line's list of faults. */
	private static final int LOGGED = 1000;

	private final Map<EchoServer, List<FaultSetting>> settings = new HashMap<>();

	private final BiConsumer<EchoServer, FaultSet> meters;

	/**
	 * Creates an instance without faults.
	 * @param meters is told of each server's new set, one change after the other
	 */
	public ServerFaults(BiConsumer<EchoServer, FaultSet> meters) {
		this.meters = meters;
	}

	/**
	 * Sets the faults of the configuration, before the server listens.
	 * @param server the server
	 * @param faults its faults
	 */
	public synchronized void configure(EchoServer server, Collection<FaultSetting> faults) {
		replace(server, faults);
	}

	/**
	 * Replaces the faults of a server. What is the same before and after goes on: its
	 * draws and counts stay.
	 * @param server the server
	 * @param faults its new faults, each with a name of its own; empty for none
	 * @param caller who asks for it, for the log
	 * @return completes when each open connection and socket has the faults
	 */
	public synchronized CompletableFuture<Void> set(EchoServer server, Collection<FaultSetting> faults, String caller) {
		List<FaultSetting> before = enabled(server);
		CompletableFuture<Void> done = replace(server, faults);
		List<FaultSetting> now = enabled(server);
		if (!now.isEmpty()) {
			log.warn("Server '%s' (%s) commits faults on purpose, set by %s: %s".formatted(server.name(),
					server.transport(), caller, describe(now)));
		}
		else if (!before.isEmpty()) {
			log.warn("Server '%s' (%s) commits no faults any more, by %s".formatted(server.name(), server.transport(),
					caller));
		}
		return done;
	}

	private CompletableFuture<Void> replace(EchoServer server, Collection<FaultSetting> faults) {
		FaultSet next = server.faults()
			.replacedBy(faults.stream().map(FaultSetting::fault).filter(Objects::nonNull).toList());
		this.settings.put(server, faults.stream().sorted(Comparator.comparing(FaultSetting::name)).toList());
		CompletableFuture<Void> done = server.setFaults(next);
		this.meters.accept(server, next);
		return done;
	}

	/**
	 * Returns the faults of a server, also those that are not enabled.
	 * @param server the server
	 * @return in the order of their names
	 */
	public synchronized List<Count> of(EchoServer server) {
		Map<String, Long> injected = server.faults()
			.all()
			.stream()
			.collect(Collectors.toMap((active) -> active.fault().name(), ActiveFault::injected));
		return this.settings.getOrDefault(server, List.of())
			.stream()
			.map((setting) -> new Count(setting, injected.getOrDefault(setting.name(), 0L)))
			.toList();
	}

	/**
	 * Warns at start of the faults of the configuration, and of an endpoint at which
	 * callers may set more.
	 * @param servers the servers
	 * @param opened the property that opened the endpoint for writing; {@code null} if it
	 * is closed
	 */
	public synchronized void warnAtStart(EchoServers servers, @Nullable String opened) {
		for (EchoServer server : servers.all()) {
			List<FaultSetting> faults = enabled(server);
			if (!faults.isEmpty()) {
				log.warn("Server '%s' (%s) commits faults on purpose, set by the configuration: %s"
					.formatted(server.name(), server.transport(), describe(faults)));
			}
		}
		if (opened != null) {
			log.warn("Callers of /actuator/faults may make the servers commit faults: " + opened);
		}
	}

	private List<FaultSetting> enabled(EchoServer server) {
		return this.settings.getOrDefault(server, List.of())
			.stream()
			.filter((setting) -> setting.fault() != null)
			.toList();
	}

	private static String describe(List<FaultSetting> faults) {
		String text = faults.stream().map(FaultSetting::description).collect(Collectors.joining(", "));
		return (text.length() <= LOGGED) ? text : text.substring(0, LOGGED) + "...";
	}

	/**
	 * A fault, and how often it was committed.
	 *
	 * @param setting the fault
	 * @param injected how often, since it was set
	 */
	public record Count(FaultSetting setting, long injected) {
	}

}
