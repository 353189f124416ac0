package dev.socketecho.actuate;

import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import dev.socketecho.server.EchoServer;
import dev.socketecho.server.EchoServers;
import dev.socketecho.server.FaultSetting;
import dev.socketecho.server.ServerFaults;
import io.netty.util.NetUtil;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;
import org.springframework.http.HttpStatus;
import org.springframework.web.filter.reactive.ServerWebExchangeContextFilter;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;

/**
 * {@code /actuator/faults}: lists the faults of the servers, and takes them away.
 * {@link FaultsPostMapping} sets them.
 */
@WebEndpoint(id = "faults")
public final class FaultsEndpoint {

	private final EchoServers servers;

	private final ServerFaults faults;

	/**
	 * Creates an endpoint.
	 * @param servers the servers
	 * @param faults their faults
	 */
	public FaultsEndpoint(EchoServers servers, ServerFaults faults) {
		this.servers = servers;
		this.faults = faults;
	}

	/**
	 * Lists the faults.
	 * @return all servers, also those without faults
	 */
	@ReadOperation
	public Faults faults() {
		return list(this.servers.all());
	}

	/**
	 * Takes the faults of all servers away. What they hold back is delivered at once.
	 * @return 204
	 */
	@DeleteOperation
	public Mono<WebEndpointResponse<Void>> removeAll() {
		return remove(this.servers.all());
	}

	/**
	 * Takes the faults of a server away. What they hold back is delivered at once.
	 * @param transport {@code tcp} or {@code udp}
	 * @param server the server's name
	 * @return 204, or a 404 problem if there is no such server
	 */
	@DeleteOperation
	public Mono<WebEndpointResponse<Void>> remove(@Selector String transport, @Selector String server) {
		return remove(List.of(find(transport, server)));
	}

	private Mono<WebEndpointResponse<Void>> remove(List<EchoServer> from) {
		return Mono
			.deferContextual((context) -> set(from, List.of(),
					ServerWebExchangeContextFilter.getExchange(context).map(FaultsEndpoint::caller).orElse("HTTP")))
			.thenReturn(new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT));
	}

	/**
	 * Replaces the faults of servers.
	 * @param caller who asks for it, for the log
	 * @return completes when each open connection has them
	 */
	Mono<Void> set(List<EchoServer> of, List<FaultSetting> next, String caller) {
		// Not on an event loop: each open connection is looked at.
		return Mono.defer(() -> Mono.fromFuture(CompletableFuture.allOf(
				of.stream().map((server) -> this.faults.set(server, next, caller)).toArray(CompletableFuture[]::new))))
			.subscribeOn(Schedulers.boundedElastic());
	}

	EchoServer find(String transport, String name) {
		return this.servers.all()
			.stream()
			.filter((server) -> server.transport().equals(transport) && server.name().equals(name))
			.findFirst()
			.orElseThrow(() -> new ResponseStatusException(HttpStatus.NOT_FOUND,
					"There is no such echo server (expected: tcp or udp, and a server's name)."));
	}

	Faults list(List<EchoServer> of) {
		return new Faults(of.stream()
			.map((server) -> new Server(server.transport(), server.name(),
					this.faults.of(server).stream().map(FaultsEndpoint::fault).toList()))
			.toList());
	}

	private static Map<String, Object> fault(ServerFaults.Count count) {
		Map<String, Object> fault = new LinkedHashMap<>();
		fault.put("name", count.setting().name());
		fault.putAll(count.setting().properties());
		fault.put("injected", count.injected());
		return fault;
	}

	static String caller(ServerWebExchange exchange) {
		InetSocketAddress address = exchange.getRequest().getRemoteAddress();
		return (address != null) ? NetUtil.toSocketAddressString(address) : "HTTP";
	}

	/**
	 * The answer.
	 *
	 * @param servers one by one
	 */
	public record Faults(List<Server> servers) {
	}

	/**
	 * The faults of a server.
	 *
	 * @param transport {@code tcp} or {@code udp}
	 * @param server its name
	 * @param faults its faults: the name, the properties as they were set, and how often
	 * the fault was committed
	 */
	public record Server(String transport, String server, List<Map<String, Object>> faults) {
	}

}
