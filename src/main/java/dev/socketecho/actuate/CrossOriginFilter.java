package dev.socketecho.actuate;

import java.util.Locale;
import java.util.Set;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import org.springframework.web.util.UriComponents;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Refuses writes that a page of another site sends from an operator's browser. A browser
 * adds {@code Origin}, the site of the page, to each request that writes (RFC 6454);
 * services and {@code curl} do not. A request with {@code Origin} must come from this
 * service's own pages. In addition {@code Host} must be an address, {@code localhost} or
 * a name that the operator allows: another site's name can be made to resolve to the
 * service's address (DNS rebinding), and would then be the same origin.
 * <p>
 * The first of the HTTP filters, also on a management port.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
public final class CrossOriginFilter implements WebFilter {

	private static final Set<HttpMethod> READING = Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

	private final Set<String> allowedHosts;

	/**
	 * Creates a filter.
	 * @param allowedHosts the host names, in lower case, by which browsers may call the
	 * service
	 */
	public CrossOriginFilter(Set<String> allowedHosts) {
		this.allowedHosts = Set.copyOf(allowedHosts);
	}

	@Override
	public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
		ServerHttpRequest request = exchange.getRequest();
		String origin = request.getHeaders().getFirst(HttpHeaders.ORIGIN);
		if (origin == null || READING.contains(request.getMethod())
				|| isOwn(origin, request.getHeaders().getFirst(HttpHeaders.HOST))) {
			return chain.filter(exchange);
		}
		return ProblemWriter.write(exchange, HttpStatus.FORBIDDEN.value(),
				"A page of another origin may not write, nor one of a host that echo.http.allowed-hosts does not have.");
	}

	private boolean isOwn(String origin, @Nullable String hostHeader) {
		UriComponents page = uri(origin);
		UriComponents host = (page != null && hostHeader != null) ? uri(page.getScheme() + "://" + hostHeader) : null;
		if (page == null || host == null || page.getHost() == null || host.getHost() == null) {
			return false;
		}
		String name = host.getHost().toLowerCase(Locale.ROOT);
		return name.equals(page.getHost().toLowerCase(Locale.ROOT)) && port(page) == port(host) && isAllowed(name);
	}

	private boolean isAllowed(String name) {
		String address = name.startsWith("[") ? name.substring(1, name.length() - 1) : name;
		return name.equals("localhost") || this.allowedHosts.contains(name) || NetUtil.isValidIpV4Address(address)
				|| NetUtil.isValidIpV6Address(address);
	}

	private static int port(UriComponents uri) {
		return (uri.getPort() >= 0) ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
	}

	private static @Nullable UriComponents uri(String text) {
		try {
			UriComponents uri = UriComponentsBuilder.fromUriString(text).build();
			// Reading the port fails if it is a template variable.
			return (uri.getPort() >= -1) ? uri : null;
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			return null;
		}
	}

}
