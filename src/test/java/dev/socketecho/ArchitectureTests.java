package dev.socketecho;

import java.time.Clock;
import java.time.Instant;
import java.util.Date;
import java.util.Set;
import java.util.stream.Collectors;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaPackage;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.socketecho.metrics.SteadyClock;
import dev.socketecho.outbound.EchoProbe;
import dev.socketecho.transport.NettyTcpConnection;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests which package may use which. A package that does not exist yet breaks no rule.
 */
class ArchitectureTests {

	private static final String ROOT = "dev.socketecho";

	private static final String ACTUATE = ROOT + ".actuate..";

	private static final String CODEC = ROOT + ".codec..";

	private static final String CONFIG = ROOT + ".config..";

	private static final String INBOUND = ROOT + ".inbound..";

	private static final String METRICS = ROOT + ".metrics..";

	private static final String OUTBOUND = ROOT + ".outbound..";

	private static final String TLS = ROOT + ".tls..";

	private static final String TRANSPORT = ROOT + ".transport..";

	private static JavaClasses classes;

	@BeforeAll
	static void importClasses() {
		classes = new ClassFileImporter().withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
			.importPackages(ROOT);
		assertThat(classes).isNotEmpty();
	}

	@Test
	void packagesAreKnown() {
		check(classes().should()
			.resideInAnyPackage(ROOT, ACTUATE, CODEC, CONFIG, INBOUND, METRICS, OUTBOUND, TLS, TRANSPORT)
			.because("each package needs its place in the architecture"));
	}

	@Test
	void packagesUseOnlyWhatTheyMay() {
		check(layeredArchitecture().consideringOnlyDependenciesInAnyPackage(ROOT + "..")
			.optionalLayer("actuate")
			.definedBy(ACTUATE)
			.optionalLayer("codec")
			.definedBy(CODEC)
			.optionalLayer("config")
			.definedBy(CONFIG)
			.optionalLayer("inbound")
			.definedBy(INBOUND)
			.optionalLayer("metrics")
			.definedBy(METRICS)
			.optionalLayer("outbound")
			.definedBy(OUTBOUND)
			.optionalLayer("tls")
			.definedBy(TLS)
			.optionalLayer("transport")
			.definedBy(TRANSPORT)
			.layer("application")
			.definedBy(ROOT)
			.whereLayer("application")
			.mayNotBeAccessedByAnyLayer()
			.whereLayer("config")
			.mayOnlyBeAccessedByLayers("application")
			.whereLayer("actuate")
			.mayOnlyAccessLayers("inbound", "outbound", "transport", "metrics", "codec", "tls")
			.whereLayer("inbound")
			.mayOnlyAccessLayers("transport", "codec", "tls")
			.whereLayer("outbound")
			.mayOnlyAccessLayers("transport", "codec", "tls")
			.whereLayer("metrics")
			.mayOnlyAccessLayers("transport")
			.whereLayer("transport")
			.mayOnlyAccessLayers("codec", "tls")
			.whereLayer("codec")
			.mayNotAccessAnyLayer()
			.whereLayer("tls")
			.mayNotAccessAnyLayer());
	}

	@Test
	void nothingUsesTheRootPackage() {
		check(noClasses().that().resideOutsideOfPackage(ROOT).should().dependOnClassesThat().resideInAPackage(ROOT));
	}

	@Test
	void transportIsIndependentOfFrameworks() {
		check(noClasses().that()
			.resideInAnyPackage(TRANSPORT, CODEC, TLS)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("org.springframework.boot..", "org.springframework.web..", "io.micrometer.."));
	}

	@Test
	void packagesHaveNoCycles() {
		check(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
		check(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles());
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
			.haveNameNotMatching(".*\\.StampSession(\\$.*)?")
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

	private static boolean isNullMarked(JavaPackage javaPackage) {
		return javaPackage.tryGetPackageInfo()
			.filter((packageInfo) -> packageInfo.isAnnotatedWith(NullMarked.class))
			.isPresent();
	}

	private static void check(ArchRule rule) {
		rule.allowEmptyShould(true).check(classes);
	}

}
