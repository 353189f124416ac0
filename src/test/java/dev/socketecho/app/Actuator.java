package dev.socketecho.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

import com.jayway.jsonpath.JsonPath;

/**
 * The application's HTTP side, under {@code /actuator}.
 */
public final class Actuator {

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final HttpClient client = HttpClient.newBuilder()
		.version(HttpClient.Version.HTTP_1_1)
		.connectTimeout(TIMEOUT)
		.build();

	private final int port;

	public Actuator(int port) {
		this.port = port;
	}

	/**
	 * GET.
	 * @param path what follows {@code /actuator/}
	 */
	public HttpResponse<String> get(String path) {
		return exchange("GET", path, BodyPublishers.noBody());
	}

	/**
	 * DELETE.
	 * @param path what follows {@code /actuator/}
	 */
	public HttpResponse<String> delete(String path) {
		return exchange("DELETE", path, BodyPublishers.noBody());
	}

	/**
	 * POST.
	 * @param path what follows {@code /actuator/}
	 * @param json what is sent
	 */
	public HttpResponse<String> post(String path, String json) {
		return exchange("POST", path, BodyPublishers.ofString(json));
	}

	/**
	 * A value of a JSON answer.
	 */
	public <T> T json(String path, String jsonPath) {
		return JsonPath.read(get(path).body(), jsonPath);
	}

	/**
	 * What Prometheus scrapes.
	 */
	public Scrape scrape() {
		HttpResponse<String> response = get("prometheus");
		if (response.statusCode() != 200) {
			throw new IllegalStateException("status " + response.statusCode());
		}
		return Scrape.parse(response.body());
	}

	private HttpResponse<String> exchange(String method, String path, BodyPublisher body) {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + this.port + "/actuator/" + path))
			.timeout(TIMEOUT)
			.header("Content-Type", "application/json")
			.method(method, body)
			.build();
		try {
			return client.send(request, BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

}
