package dev.socketecho;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.socketecho.metrics.SteadyClock;
import dev.socketecho.probe.EchoProbe;
import dev.socketecho.transport.tcp.NettyTcpConnection;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which package may use which. A package that does not exist yet breaks no rule.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.socketecho";

	private static final int MOST_CLASSES = 25;

	/**
	 * What each package uses, from the top to the bottom. Everybody may use
	 * {@code telemetry} and {@code transport.address}.
	 */
	private static final Map<String, Set<String>> USES = Map.ofEntries(
			uses("config", "config.page", "config.properties", "fault", "actuate", "load", "probe", "server", "client",
					"metrics", "transport.tcp", "transport.tcp.settings", "transport.udp", "transport.udp.socket",
					"transport.proxy", "transport.loop", "codec", "stamp", "tls"),
			uses("config.diagnostics", "config", "transport.loop"),
			// Plain values: how servers, clients and sockets may be
			uses("config.properties", "server", "fault", "stamp", "transport.udp", "transport.proxy", "transport.loop",
					"codec", "tls"),
			// Health and endpoints are made for the page anew: it shows them under other
			// names
			uses("config.page", "config.properties", "web", "actuate", "probe", "server", "metrics"),
			// What a recorder has counted, read without a meter registry
			uses("web", "actuate", "metrics"),
			uses("actuate", "server", "client", "load", "probe", "fault", "transport.tcp", "transport.tcp.settings",
					"transport.tcp.traffic", "transport.udp", "tls"),
			// Connections and event loops of its own, which are not the client's
			uses("load", "client", "transport.tcp", "transport.tcp.settings", "transport.udp", "transport.loop",
					"codec"),
			uses("probe", "client", "stamp", "transport.tcp", "transport.tcp.settings", "transport.udp",
					"transport.loop", "codec"),
			// The answers of mode identify travel in the server's framing
			uses("server", "transport.tcp", "transport.tcp.settings", "transport.tcp.traffic", "transport.udp", "fault",
					"codec", "stamp"),
			uses("client", "transport.tcp", "transport.tcp.settings", "transport.udp", "transport.loop", "codec"),
			uses("metrics"),
			uses("transport.tcp", "transport.tcp.accept", "transport.tcp.settings", "transport.tcp.traffic", "fault",
					"transport.loop", "transport.direct", "transport.proxy", "transport.websocket", "codec", "tls"),
			// The framing is in the log line of a server that listens
			uses("transport.tcp.accept", "transport.tcp.settings", "codec", "transport.loop", "transport.direct",
					"transport.proxy"),
			uses("transport.tcp.settings", "transport.proxy", "transport.loop", "codec", "tls"),
			uses("transport.tcp.traffic", "transport.loop", "codec"), uses("transport.websocket", "codec"),
			uses("transport.udp", "fault", "fault.datagram", "transport.udp.socket", "transport.loop"),
			// The C functions, and a buffer that is used again
			uses("transport.udp.socket", "transport.loop", "transport.direct"), uses("transport.proxy"),
			uses("transport.loop", "transport.direct"), uses("transport.direct"), uses("transport.address"),
			uses("fault"), uses("fault.datagram", "fault"), uses("codec"), uses("tls"), Map.entry("stamp", Set.of()),
			uses("telemetry"));

	/** What starts the application, or Helm's engine. */
	private static final Set<String> STARTERS = Set.of("dev.socketecho.app.EchoServiceTest",
			"dev.socketecho.app.ServiceProcess", "dev.socketecho.testing.TestApplication", "dev.socketecho.helm.Chart",
			"org.springframework.boot.SpringApplication", "org.springframework.boot.builder.SpringApplicationBuilder");

	private static JavaClasses classes;

	@BeforeAll
	static void importClasses() {
		// Spring's ahead-of-time processing leaves classes with such names in a build
		// directory.
		classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.withImportOption((location) -> !location.contains("__"))
			.importPackages(ROOT);
		assertThat(classes).isNotEmpty();
	}

	/** They would take a third of the memory of the tests that follow. */
	@AfterAll
	static void forgetClasses() {
		classes = null;
	}

	@Test
	void testsThatStartTheApplicationAreIntegrationTests() {
		JavaClasses tests = new ClassFileImporter().withImportOption(ImportOption.Predefined.ONLY_INCLUDE_TESTS)
			.importPackages(ROOT);
		noClasses().that()
			.haveNameMatching(".*Tests(\\$.*)?")
			.should()
			.dependOnClassesThat(DescribedPredicate.describe("start the application",
					(JavaClass used) -> STARTERS.contains(used.getName())))
			.as("a test class that starts the application has a name that ends in IT")
			.check(tests);
	}

	@Test
	void packagesAreKnown() {
		Set<String> names = classes.stream().map(ArchitectureTests::packageOf).collect(Collectors.toSet());
		assertThat(names).as("each package needs its place in the architecture")
			.isSubsetOf(Stream.concat(USES.keySet().stream(), Stream.of("", "transport")).toList());
	}

	@Test
	void packagesUseOnlyWhatTheyMay() {
		Set<String> wrong = new TreeSet<>();
		for (JavaClass javaClass : classes) {
			Set<String> allowed = USES.get(packageOf(javaClass));
			for (Dependency dependency : javaClass.getDirectDependenciesFromSelf()) {
				JavaClass target = dependency.getTargetClass().getBaseComponentType();
				if (allowed != null && target.getPackageName().startsWith(ROOT)
						&& !packageOf(target).equals(packageOf(javaClass)) && !allowed.contains(packageOf(target))) {
					wrong.add(dependency.getDescription());
				}
			}
		}
		assertThat(wrong).isEmpty();
	}

	/**
	 * The configuration makes the settings of the sockets and of the PROXY header.
	 */
	@Test
	void partsOfTheTransportStayInside() {
		check(noClasses().that()
			.resideOutsideOfPackage(ROOT + ".transport..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT + ".transport.direct..", ROOT + ".transport.tcp.accept.."));
		check(noClasses().that()
			.resideOutsideOfPackages(ROOT + ".transport..", ROOT + ".config..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(ROOT + ".transport.proxy..", ROOT + ".transport.udp.socket.."));
	}

	@Test
	void packagesAreSmall() {
		Map<String, Long> sizes = classes.stream()
			.filter((javaClass) -> javaClass.isTopLevelClass() && !javaClass.getSimpleName().equals("package-info"))
			.collect(Collectors.groupingBy(ArchitectureTests::packageOf, TreeMap::new, Collectors.counting()));
		assertThat(sizes).isNotEmpty()
			.allSatisfy((name, size) -> assertThat(size).as(name).isLessThanOrEqualTo(MOST_CLASSES));
	}

	@Test
	void nothingUsesTheRootPackage() {
		check(noClasses().that().resideOutsideOfPackage(ROOT).should().dependOnClassesThat().resideInAPackage(ROOT));
	}

	@Test
	void transportIsIndependentOfFrameworks() {
		check(noClasses().that()
			.resideInAnyPackage(ROOT + ".transport..", ROOT + ".codec..", ROOT + ".stamp..", ROOT + ".tls..",
					ROOT + ".telemetry..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.springframework.web..", "io.micrometer.."));
	}

	@Test
	void packagesHaveNoCycles() {
		check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
		// All may use transport.address, which uses nothing
		check(slices().matching(ROOT + ".(*)..")
			.should()
			.beFreeOfCycles()
			.ignoreDependency(DescribedPredicate.alwaysTrue(),
					JavaClass.Predicates.resideInAPackage(ROOT + ".transport.address")));
	}

	@Test
	void nothingUsesJavaUtilLogging() {
		check(noClasses().should().dependOnClassesThat().resideInAPackage("java.util.logging.."));
	}

	/**
	 * The wall clock may be set, by hours. It says when something was; how long something
	 * takes, or when something is due, is not for it to say.
	 */
	@Test
	void onlyTimestampsAreOfTheWallClock() {
		check(noClasses().that()
			.doNotBelongToAnyOf(NettyTcpConnection.class, EchoProbe.class, SteadyClock.class)
			.and()
			.haveNameNotMatching(".*\\.(StampTime|Arrival|TcpIdentifier|UdpIdentifier|FailureLog|ProbeHistory)(\\$.*)?")
			.should()
			.callMethod(System.class, "currentTimeMillis")
			.orShould()
			.callMethod(Instant.class, "now")
			.orShould()
			.callConstructor(Date.class)
			.orShould()
			.dependOnClassesThat()
			.areAssignableTo(Clock.class)
			.orShould()
			.dependOnClassesThat()
			.haveNameMatching("java\\.time\\.(Local|Offset|Zoned).*"));
	}

	@Test
	void nothingButTheHealthCheckWritesToStandardStreams() {
		NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS
			.check(classes.that(DescribedPredicate.not(JavaClass.Predicates.type(HealthCheck.class))));
	}

	@Test
	void packagesAreNullMarked() {
		Set<JavaPackage> packages = classes.stream().map(JavaClass::getPackage).collect(Collectors.toSet());
		assertThat(packages).filteredOn((javaPackage) -> !isNullMarked(javaPackage))
			.extracting(JavaPackage::getName)
			.as("packages without @NullMarked package-info")
			.isEmpty();
	}

	private static Map.Entry<String, Set<String>> uses(String name, String... others) {
		return Map.entry(name, Stream.concat(Stream.of("telemetry", "transport.address"), Stream.of(others))
			.collect(Collectors.toUnmodifiableSet()));
	}

	/**
	 * The name below the root.
	 */
	private static String packageOf(JavaClass javaClass) {
		return javaClass.getPackageName().substring(ROOT.length()).replaceFirst("^\\.", "");
	}

	private static boolean isNullMarked(JavaPackage javaPackage) {
		return javaPackage.tryGetPackageInfo()
			.filter((packageInfo) -> packageInfo.isAnnotatedWith(NullMarked.class))
			.isPresent();
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(classes);
	}

}
