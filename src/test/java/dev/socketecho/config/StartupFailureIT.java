package dev.socketecho.config;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.app.Logs;
import dev.socketecho.testing.TestApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Tests of what is said when the application cannot start.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupFailureIT {

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"echo.tcp.servers.line.address              | bad host!  | must be an IP address or a host name",
			"echo.tcp.servers.line.max-message-size     | -1B        | must be 1 to 2147483632 bytes",
			"echo.tcp.servers.line.port                 | 70000      | must be less than or equal to 65535",
			"echo.tcp.servers.line.port                 | seven      | failed to convert java.lang.String",
			"echo.tcp.servers.line.framing              | lines      | failed to convert java.lang.String",
			"echo.tcp.servers.line.max-mesage-size      | 1KB        | there is no such property",
			"echo.tcp.servers.line.options.traffic-class| 256        | must be less than or equal to 255",
			"echo.tcp.clients.up.ssl.bundle             | none-such  | there is no such bundle",
			"echo.tcp.clients.up.ssl.server-name        | bad name!  | must be an IP address or a host name",
			"echo.tcp.clients.up.ssl.verify-hostname    | perhaps    | failed to convert java.lang.String",
			"echo.tcp.clients.up.proxy-protocol         | v3         | failed to convert java.lang.String",
			"echo.udp.clients.up.ssl.bundle             | none-such  | there is no such property",
			"echo.udp.clients.up.proxy-protocol         | v1         | there is no such property",
			"echo.tcp.servers.My_Line-2.port            | 70000      | must be less than or equal to 65535",
			"echo.tcp.servers.My_Line-2.port            | seven      | failed to convert java.lang.String",
			"echo.tcp.servers.My_Line-2.prot            | 7          | there is no such property",
			"echo.tcp.servers.line.delimiter            | ;          | is for framing 'delimiter' only",
			"echo.tcp.clients.up.delimiter              | ;          | is for framing 'delimiter' only",
			"echo.tcp.servers.line.log-payload-rate     | 0          | must be greater than or equal to 1",
			"echo.udp.servers.My_Own.log-payload-rate   | -1         | must be greater than or equal to 1",
			"echo.tcp.clients.My_Client.port            | 0          | must be greater than or equal to 1",
			"echo.probes.My_Probe.count                 | 0          | must be greater than or equal to 1",
			"echo.tcp.servers.My_Line.allow[0]          | nonsense   | must be an IP address or address/prefix",
			"echo.udp.servers.datagram.deny             | ::1,10.0.0.1/8 | 10.0.0.1/8' must be an IP address or address/prefix",
			"echo.udp.servers.datagram.multicast.groups | 10.0.0.1   | must be a multicast address",
			"echo.probes.My_Probe.client                | none-such  | there is no such client",
			"echo.probe-endpoint.allowed-targets[0]     | 10.*       | is a glob of addresses",
			"echo.probe-endpoint.allowed-targets[0]     | http://x   | must be a host name",
			"echo.tcp.servers.My_Own.faults.y.type      | dealy      | it is none of [delay, bandwidth, stall, slice,",
			"echo.tcp.servers.line.faults.y.type        | drop       | is not for TCP (expected: one of [delay, ",
			"echo.udp.servers.datagram.faults.y.type    | slow-close | is not for UDP (expected: one of [delay, ",
			"echo.tcp.servers.line.faults.y.dealy       | 1s         | there is no such property",
			"echo.tcp.servers.line.faults.y.lifetime    | 1s         | there is no such property",
			"echo.tcp.servers.line.faults.Y_1.type      | delay      | the fault's name must be 1 to 32 of",
			"echo.tcp.servers.stream.faults.y.every     | 0          | must be greater than or equal to 1",
			"echo.tcp.servers.line.faults.y.probability | 1.5        | must be less than or equal to 1",
			"echo.tcp.servers.line.faults.y.probability | NaN        | must be ",
			"echo.tcp.servers.line.faults.y.sources[0]  | 10.0.0.1/8 | must be an IP address or address/prefix",
			"echo.event-loops                           | 0          | must be greater than or equal to 1" })
	void invalidPropertyIsNamedWithValueOriginAndReason(String property, String value, String reason,
			CapturedOutput output) {
		String analysis = fail(output, property + "=" + value);
		assertThat(analysis).containsPattern("Property: \\Q" + property + "\\E\\R")
			.containsPattern("Value: \"[^\"\\n]*\\Q" + value + "\\E\"\\R")
			.containsPattern("Origin: .*\\Q" + property + "\\E.* from property source .*\\R")
			.containsPattern("Reason: .*\\Q" + reason + "\\E");
	}

	/** The type makes the other property a mistake. */
	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"echo.tcp.servers.line.faults.y   | delay     | bytes          | 3      | means nothing to the type 'delay'",
			"echo.tcp.servers.My_Own.faults.y | stall     | size-variation | 8B     | means nothing to the type 'stall'",
			"echo.tcp.servers.line.faults.y   | delay     | for            | 0s     | must be ",
			"echo.tcp.servers.stream.faults.y | delay     | unit           | MESSAGE | must be 'connection' with the framing 'none'",
			"echo.tcp.servers.line.faults.y   | bandwidth | burst          | 1KB    | is for UDP",
			"echo.tcp.servers.line.faults.y   | reset     | after-bytes    | 9223372036854775807TB | overflow" })
	void propertyOfAFaultHasToFitItsType(String fault, String type, String property, String value, String reason,
			CapturedOutput output) {
		String name = fault + "." + property;
		assertThat(fail(output, "echo.tcp.servers.My_Own.port=0", fault + ".type=" + type, name + "=" + value))
			.containsPattern("Property: \\Q" + name + "\\E\\R")
			.containsPattern("Origin: .*\\Q" + name + "\\E.* from property source .*\\R")
			.containsPattern("Reason: .*\\Q" + reason + "\\E");
	}

	@Test
	void elementOfASetIsNamedByTheSet(CapturedOutput output) {
		assertThat(fail(output, "echo.udp.servers.datagram.blocked-source-ports=7,70000"))
			.containsPattern("Property: echo.udp.servers.datagram.blocked-source-ports\\R")
			.containsPattern("Value: \"70000\"\\R")
			.containsPattern("Origin: .*blocked-source-ports.* from property source .*\\R");
	}

	@Test
	void unknownFramingIsAnsweredWithTheKnownOnes(CapturedOutput output) {
		assertThat(fail(output, "echo.tcp.servers.line.framing=lines")).contains("LENGTH_4", "UNTIL_CLOSE");
	}

	@Test
	void missingDelimiterIsNamedWithReason(CapturedOutput output) {
		assertThat(fail(output, "echo.tcp.servers.own.framing=delimiter", "echo.tcp.servers.own.port=0"))
			.contains("Property: echo.tcp.servers.own.delimiter")
			.contains("Reason: is required with framing 'delimiter'");
	}

	@Test
	void fileOfABundleThatIsNotThereIsSaid(CapturedOutput output, @TempDir Path directory) {
		String missing = directory.resolve("key.pem").toString();
		assertThat(fail(output, "echo.tcp.servers.line.ssl.bundle=echo",
				"spring.ssl.bundle.pem.echo.keystore.certificate=" + missing,
				"spring.ssl.bundle.pem.echo.keystore.private-key=" + missing))
			.contains("there is no file " + missing);
	}

	@Test
	void fileOfABundleThatIsWatchedAndNotThereIsSaid(CapturedOutput output, @TempDir Path directory) {
		String missing = directory.resolve("key.pem").toString();
		assertThat(fail(output, "echo.tcp.servers.line.ssl.bundle=echo",
				"spring.ssl.bundle.pem.echo.reload-on-update=true",
				"spring.ssl.bundle.pem.echo.keystore.certificate=" + missing,
				"spring.ssl.bundle.pem.echo.keystore.private-key=" + missing))
			.contains("'" + missing + "' is neither a file nor a directory");
	}

	@Test
	void keyStoreFileThatIsNotThereIsSaid(CapturedOutput output, @TempDir Path directory) {
		String missing = directory.resolve("store.p12").toString();
		assertThat(fail(output, "echo.tcp.servers.line.ssl.bundle=echo",
				"spring.ssl.bundle.jks.echo.keystore.location=" + missing))
			.contains("there is no file " + missing);
	}

	@Test
	void missingBundleIsNamedWithReason(CapturedOutput output) {
		assertThat(fail(output, "echo.tcp.clients.up.ssl.verify-hostname=false"))
			.contains("Property: echo.tcp.clients.up.ssl.bundle")
			.contains("Reason: is required");
	}

	@Test
	void missingPortIsNamedWithReason(CapturedOutput output) {
		assertThat(fail(output, "echo.tcp.servers.own.framing=line")).contains("Property: echo.tcp.servers.own.port")
			.contains("Reason: is required");
	}

	@ParameterizedTest
	@ValueSource(strings = { "echo.probes.p.transport=udp --echo.probes.p.host=127.0.0.1 --echo.probes.p.port=7",
			"echo.probes.p.client=up --echo.udp.clients.up.reply-timeout=1s" })
	void probeOfMoreThanADatagramIsNamedWithValueAndReason(String target, CapturedOutput output) {
		String analysis = fail(output, ("echo.probes.p.payload-size=65508B --" + target).split(" --"));
		assertThat(analysis).contains("Property: echo.probes.p.payload-size", "Value: \"65508B\"")
			.containsPattern("Origin: .*echo.probes.p.payload-size.* from property source")
			.contains("Reason: must be at most 65507 bytes over UDP");
	}

	@Test
	void probeOfMoreThanItsClientSendsIsNamedWithValueAndReason(CapturedOutput output) {
		assertThat(fail(output, "echo.probes.p.payload-size=2KB", "echo.probes.p.client=up",
				"echo.tcp.clients.up.max-message-size=1KB"))
			.contains("Property: echo.probes.p.payload-size", "Value: \"2048B\"")
			.contains("message of 2048 bytes (expected: at most 1024)");
	}

	@Test
	void clientsOfOneNameAreNamed(CapturedOutput output) {
		String analysis = fail(output, "echo.tcp.clients.same.host=127.0.0.1", "echo.tcp.clients.same.port=7",
				"echo.udp.clients.same.host=127.0.0.1", "echo.udp.clients.same.port=7");
		assertThat(analysis).contains("Property: echo.udp.clients.same")
			.contains("Reason: two echo clients cannot have the same name", "echo.tcp.clients.same");
		assertThat(action(analysis)).isNotBlank();
	}

	@Test
	void everyInvalidPropertyIsNamed(CapturedOutput output) {
		assertThat(fail(output, "echo.tcp.servers.line.backlog=0", "echo.tcp.servers.stream.idle-timeout=-5s"))
			.contains("Property: echo.tcp.servers.line.backlog")
			.contains("Property: echo.tcp.servers.stream.idle-timeout");
	}

	@ParameterizedTest
	@ValueSource(strings = { "echo.udp.servers.key.hmac-key", "echo.udp.servers.datagram.stamp.hmac-keys",
			"echo.udp.servers.datagram.stamp.hmac-key.v1", "echo.probes.p.stamp.hmac-key[0]", "echo.secret" })
	void secretAtTheWrongPlaceIsNamedAndNotShown(String property, CapturedOutput output) {
		assertThat(fail(output, property + "=hush-hush")).contains("Property: " + property)
			.contains("Value: \"******\"");
		assertThat(output).doesNotContain("hush-hush");
	}

	@Test
	void nameOfAServerDoesNotHideItsValues(CapturedOutput output) {
		assertThat(fail(output, "echo.udp.servers.key.port=70000")).contains("Value: \"70000\"");
	}

	@Test
	void fileThatIsNoYamlIsAnsweredWithThePlace(CapturedOutput output, @TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("broken.yml"), "echo:\n  tcp: [\n");
		assertThat(fail(output, "spring.config.additional-location=" + file)).contains("not valid YAML")
			.contains("line 3, column 1");
	}

	@ParameterizedTest
	@ValueSource(strings = { "@hush-hush", "%hush-hush", "*hush-hush", "!hush-hush x", "\"hush-hush", "{hush-hush" })
	void secretThatIsNoYamlIsNotShown(String value, CapturedOutput output, @TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("broken.yml"), "a: 1\nhmac-key: " + value + "\n");
		assertThat(fail(output, "spring.config.additional-location=" + file)).contains("not valid YAML",
				"line 2, column ");
		assertThat(output).doesNotContain("hush-hush");
	}

	@Test
	void servletContainerThatIsAskedForIsAnsweredWithTheProperty(CapturedOutput output) {
		String analysis = fail(output, "spring.main.web-application-type=servlet");
		assertThat(analysis).contains("Property: spring.main.web-application-type");
		assertThat(action(analysis)).contains("reactive");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "127.0.0.1" })
	void addressOfManagementPortThatIsNotThereIsAnsweredWithTheProperty(String address, CapturedOutput output) {
		String analysis = fail(output, "management.server.address=" + address);
		assertThat(analysis).contains("Property: management.server.address")
			.contains("Value: \"" + address + "\"")
			.containsPattern("Origin: .*management.server.address.* from property source")
			.contains("Reason: needs a management.server.port of its own");
		assertThat(action(analysis)).contains("management.server.port");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '`', value = {
			"echo.tcp.servers.line.max-message-size     | 64B      | echo.tcp.servers.line.mode=identify    | is too small for the answers of mode 'identify': message of",
			"echo.tcp.servers.line.framing              | length-1 | echo.tcp.servers.line.mode=identify,echo.identity.long=0123456789012345678901234567890123456789 | (expected: at most 255)",
			"echo.tcp.servers.message.delimiter         | ,        | echo.tcp.servers.message.mode=identify | is a part of each answer",
			"echo.udp.servers.datagram.max-datagram-size | 64B      | echo.udp.servers.datagram.mode=identify | a datagram is answered only if it is as long" })
	void serverThatCouldNeverIdentifyItselfIsNamed(String property, String value, String others, String reason,
			CapturedOutput output) {
		String[] properties = Stream.concat(Stream.of(property + "=" + value), Stream.of(others.split(",")))
			.toArray(String[]::new);
		assertThat(fail(output, properties)).contains("Property: " + property, "Value: \"" + value + "\"", reason);
	}

	@Test
	void takenPortIsNamedWithServerAddressErrorAndAction(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			String analysis = fail(output, "echo.tcp.servers.line.address=127.0.0.1",
					"echo.tcp.servers.line.port=" + taken.getLocalPort());
			assertThat(analysis).contains("TCP server 'line'", "address 127.0.0.1", "port " + taken.getLocalPort(),
					"address_already_in_use");
			assertThat(action(analysis)).contains("echo.tcp.servers.line.port").contains("" + taken.getLocalPort());
		}
	}

	@Test
	void portTakenOnAllAddressesIsNamed(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0)) {
			assertThat(fail(output, "echo.tcp.servers.stream.port=" + taken.getLocalPort()))
				.contains("TCP server 'stream'", "port " + taken.getLocalPort(), "address_already_in_use");
		}
	}

	@Test
	void takenPortIsNamedWithTheJdksSelectorsToo(CapturedOutput output) throws IOException {
		try (ServerSocket taken = new ServerSocket(0)) {
			assertThat(fail(output, "echo.transport=nio", "echo.tcp.servers.stream.port=" + taken.getLocalPort()))
				.contains("TCP server 'stream'", "port " + taken.getLocalPort(), "address_already_in_use");
		}
	}

	/** 192.0.2.0/24 is for documentation (RFC 5737): no host has an address of it. */
	@Test
	void addressOfAnotherHostIsNamedWithServerErrorAndAction(CapturedOutput output) {
		String analysis = fail(output, "echo.tcp.servers.line.address=192.0.2.1");
		assertThat(analysis).contains("TCP server 'line'", "address 192.0.2.1", "port 0", "address_not_available");
		assertThat(action(analysis)).contains("echo.tcp.servers.line.address");
	}

	/** No name ends in .invalid (RFC 6761). */
	@Test
	void nameThatDoesNotResolveIsNamedWithServerErrorAndAction(CapturedOutput output) {
		String analysis = fail(output, "echo.tcp.servers.line.address=no-such-host.invalid");
		assertThat(analysis).contains("TCP server 'line'", "address no-such-host.invalid", "host_not_found");
		assertThat(action(analysis)).contains("echo.tcp.servers.line.address");
	}

	/**
	 * Starts the application, which fails, and returns what it says, from the analysis
	 * on.
	 */
	private static String fail(CapturedOutput output, String... properties) {
		List<String> arguments = new ArrayList<>(Stream.of(properties).map((property) -> "--" + property).toList());
		Stream.of("tcp", "udp")
			.filter((transport) -> Stream.of(properties)
				.anyMatch((property) -> property.startsWith("echo." + transport + ".clients.up.")))
			.forEach((transport) -> arguments.addAll(List.of("--echo." + transport + ".clients.up.host=127.0.0.1",
					"--echo." + transport + ".clients.up.port=7")));
		assertThatException()
			.isThrownBy(() -> new SpringApplicationBuilder(SocketEchoApplication.class).registerShutdownHook(false)
				.profiles(TestApplication.FREE_PORTS)
				.run(arguments.toArray(String[]::new))
				.close());
		String all = Logs.written(output);
		assertThat(all).doesNotContainPattern("(?m)^\\tat ").contains("APPLICATION FAILED TO START");
		return all.substring(all.indexOf("APPLICATION FAILED TO START"));
	}

	private static String action(String analysis) {
		return analysis.substring(analysis.indexOf("Action:"));
	}

}
