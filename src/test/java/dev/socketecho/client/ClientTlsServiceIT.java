package dev.socketecho.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.socketecho.server.EchoServers;
import dev.socketecho.server.TcpEchoServer;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.testing.CertificateFiles;
import dev.socketecho.testing.TestApplication;
import dev.socketecho.testing.TestCertificates;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.context.ConfigurableApplicationContext;

import static dev.socketecho.testing.RandomBytes.random;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Configured clients with TLS and the PROXY protocol in a running service, which call the
 * servers of another.
 */
class ClientTlsServiceIT {

	private static final HttpClient http = HttpClient.newHttpClient();

	private static final TestCertificates certificates = TestCertificates.INSTANCE;

	private static final List<String> FORMATS = List.of("pem", "jks", "pkcs12");

	@TempDir
	private static Path directory;

	private static ConfigurableApplicationContext service;

	private static ConfigurableApplicationContext caller;

	@BeforeAll
	static void start() throws Exception {
		CertificateFiles files = new CertificateFiles(directory);
		service = TestApplication.run(servers(files).toArray(String[]::new));
		caller = TestApplication
			.run(Stream.concat(Stream.of("management.endpoint.echo.access=unrestricted"), clients(files).stream())
				.toArray(String[]::new));
	}

	private static List<String> servers(CertificateFiles files) throws Exception {
		List<String> properties = new ArrayList<>();
		properties.addAll(files.pem("pem", certificates.server, certificates.authority));
		properties.addAll(files.stores("jks", "JKS", certificates.server, certificates.authority));
		properties.addAll(files.stores("pkcs12", "PKCS12", certificates.server, certificates.authority));
		for (String format : FORMATS) {
			String server = "echo.tcp.servers." + format;
			properties.addAll(List.of(server + ".port=0", server + ".framing=line", server + ".ssl.bundle=" + format,
					server + ".ssl.client-auth=need"));
		}
		properties.addAll(List.of("echo.tcp.servers.tls.port=0", "echo.tcp.servers.tls.ssl.bundle=pem",
				"echo.tcp.servers.proxied.port=0", "echo.tcp.servers.proxied.proxy-protocol=true",
				"echo.tcp.servers.proxied-tls.port=0", "echo.tcp.servers.proxied-tls.proxy-protocol=true",
				"echo.tcp.servers.proxied-tls.ssl.bundle=pem"));
		return properties;
	}

	private static List<String> clients(CertificateFiles files) throws Exception {
		List<String> properties = new ArrayList<>();
		properties.addAll(files.pem("pem", certificates.client, certificates.authority));
		properties.addAll(files.stores("jks", "JKS", certificates.client, certificates.authority));
		properties.addAll(files.stores("pkcs12", "PKCS12", certificates.client, certificates.authority));
		properties.addAll(files.pem("tls12", null, certificates.authority));
		properties.add("spring.ssl.bundle.pem.tls12.options.enabled-protocols=TLSv1.2");
		properties.addAll(files.pem("reloaded", null, certificates.strangersClient));
		properties.addAll(List.of("spring.ssl.bundle.pem.reloaded.reload-on-update=true",
				"spring.ssl.bundle.watch.file.quiet-period=50ms"));
		for (String format : FORMATS) {
			properties.addAll(client(format, format, "framing=line", "ssl.bundle=" + format, "pool-size=2"));
		}
		properties.addAll(client("anonymous", "pem", "framing=line", "ssl.bundle=tls12"));
		properties.addAll(client("mismatch", "tls", "ssl.bundle=pem", "ssl.server-name=other.example"));
		for (String bundle : List.of("pem", "tls12")) {
			properties.addAll(client("half-" + bundle, "tls", "framing=until-close", "ssl.bundle=" + bundle,
					"max-message-size=8MB", "reply-timeout=30s"));
		}
		properties.addAll(client("reloaded", "tls", "ssl.bundle=reloaded"));
		for (String version : List.of("v1", "v2")) {
			properties.addAll(client(version, "proxied", "proxy-protocol=" + version));
			properties.addAll(client(version + "-tls", "proxied-tls", "proxy-protocol=" + version, "ssl.bundle=pem"));
		}
		for (String probe : List.of("pem", "mismatch", "v2-tls")) {
			properties.addAll(List.of("echo.probes.%s.client=%s".formatted(probe, probe),
					"echo.probes.%s.interval=100ms".formatted(probe)));
		}
		return properties;
	}

	private static List<String> client(String name, String server, String... properties) {
		String prefix = "echo.tcp.clients." + name + ".";
		return Stream
			.concat(Stream.of("host=127.0.0.1", "port=" + server(server).connectionFactory().getPort()),
					Stream.of(properties))
			.map((property) -> prefix + property)
			.toList();
	}

	@AfterAll
	static void stop() {
		caller.close();
		service.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "pem", "jks", "pkcs12" })
	void clientsAndServersTakeBundlesOfAllFormats(String format) throws Exception {
		for (int i = 0; i < 4; i++) {
			assertThat(echo(format, ("message " + i).getBytes())).asString().isEqualTo("message " + i);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "half-pem", "half-tls12" })
	void untilCloseHalfClosesAndReadsTheRest(String client) throws Exception {
		byte[] message = random(2_000_003);
		assertThat(echo(client, message)).isEqualTo(message);
		assertThat(counter("echo.client.sent.bytes", client)).isEqualTo(message.length);
		assertThat(counter("echo.client.received.bytes", client)).isEqualTo(message.length);
	}

	@ParameterizedTest
	@ValueSource(strings = { "v1", "v2", "v1-tls", "v2-tls" })
	void proxyProtocolComesBeforeTls(String client) throws Exception {
		assertThat(echo(client, "hello".getBytes())).asString().isEqualTo("hello");
		assertThat(server(client.endsWith("-tls") ? "proxied-tls" : "proxied").connectionFactory().connections())
			.isNotEmpty()
			.allSatisfy(
					(connection) -> assertThat(connection.info().source().getAddress().isLoopbackAddress()).isTrue());
	}

	@Test
	void failureIsInTheEndpointAndTheMeters() throws Exception {
		double before = errors("mismatch", SocketError.CERTIFICATE_NAME_MISMATCH);
		assertThat(post("/actuator/echo/mismatch", "{\"message\": \"hello\"}"))
			.contains("\"error\":\"certificate_name_mismatch\"", "\"lost\":1");
		assertThat(errors("mismatch", SocketError.CERTIFICATE_NAME_MISMATCH)).isGreaterThan(before);
		assertThat(post("/actuator/echo/pem", "{\"message\": \"hello\"}")).contains("\"reply\":\"hello\"");
	}

	@Test
	void missingCertificateIsReportedUnderTls12Too() throws Exception {
		assertThat(post("/actuator/echo/anonymous", "{\"message\": \"hello\"}"))
			.contains("\"error\":\"certificate_required\"");
	}

	@Test
	void probesUseTheClientsTls() throws Exception {
		assertThat(get("/probe?module=pem")).contains("probe_success 1");
		assertThat(get("/probe?module=mismatch")).contains("probe_success 0",
				"probe_echo_failure{error=\"certificate_name_mismatch\"} 1");
		MeterRegistry registry = caller.getBean(MeterRegistry.class);
		for (String probe : List.of("pem", "v2-tls")) {
			await().untilAsserted(
					() -> assertThat(registry.get("echo.probe.up").tag("probe", probe).gauge().value()).isEqualTo(1));
		}
		await().untilAsserted(() -> assertThat(registry.get("echo.probe.errors")
			.tags("probe", "mismatch", "error", "certificate_name_mismatch")
			.counter()
			.count()).isPositive());
		assertThat(registry.get("echo.probe.up").tag("probe", "mismatch").gauge().value()).isZero();
	}

	@Test
	void newConnectionsTakeAnUpdatedBundle() throws Exception {
		EchoClient client = TestApplication.client(caller, "reloaded");
		assertThatExceptionOfType(ExecutionException.class)
			.isThrownBy(() -> client.send(new byte[1]).get(30, TimeUnit.SECONDS))
			.withCauseInstanceOf(EchoException.class)
			.satisfies((ex) -> assertThat(EchoException.errorOf(ex.getCause()))
				.isEqualTo(SocketError.CERTIFICATE_UNTRUSTED));
		Files.writeString(directory.resolve("reloaded-ca.crt"), certificates.authority.getCertificatePEM());
		await().ignoreExceptions().untilAsserted(() -> assertThat(echo("reloaded", new byte[] { 1 })).hasSize(1));
	}

	private static TcpEchoServer server(String name) {
		TcpEchoServer server = service.getBean(EchoServers.class).tcp(name);
		assertThat(server).isNotNull();
		return server;
	}

	private static byte[] echo(String client, byte[] message) throws Exception {
		return TestApplication.client(caller, client).send(message).get(30, TimeUnit.SECONDS).message();
	}

	private static double errors(String client, SocketError error) {
		return caller.getBean(MeterRegistry.class)
			.get("echo.client.errors")
			.tags("client", client, "error", error.tag())
			.counter()
			.count();
	}

	private static double counter(String name, String client) {
		return caller.getBean(MeterRegistry.class).get(name).tag("client", client).functionCounter().count();
	}

	private static String get(String path) throws Exception {
		return http.send(HttpRequest.newBuilder(uri(path)).build(), HttpResponse.BodyHandlers.ofString()).body();
	}

	private static String post(String path, String body) throws Exception {
		return http
			.send(HttpRequest.newBuilder(uri(path))
				.header("Content-Type", "application/json")
				.POST(HttpRequest.BodyPublishers.ofString(body))
				.build(), HttpResponse.BodyHandlers.ofString())
			.body();
	}

	private static URI uri(String path) {
		return URI.create("http://127.0.0.1:" + caller.getEnvironment().getProperty("local.server.port") + path);
	}

}
