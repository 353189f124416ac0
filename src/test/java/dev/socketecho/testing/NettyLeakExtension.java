package dev.socketecho.testing;

import java.util.Objects;
import java.util.Set;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

import org.springframework.integration.dsl.BaseIntegrationFlowDefinition;
import org.springframework.test.util.ReflectionTestUtils;

/**
 * Fails every test class that leaks a Netty buffer. Registered for all test classes
 * through {@code META-INF/services}, and as the first extension, so that it checks after
 * all others have cleaned up.
 * <p>
 * A leak shows only once the garbage collector can reach the buffer. One that is held
 * until after its class, such as by a cached application context, is reported with a
 * later class or at the end of the run.
 */
public class NettyLeakExtension implements BeforeAllCallback, AfterAllCallback {

	private static final Namespace NAMESPACE = Namespace.create(NettyLeakExtension.class);

	static {
		// Before any test class can load a Netty buffer class
		NettyLeaks.install();
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		AutoCloseable finalCheck = () -> NettyLeaks.verifyNone("the test run");
		context.getRoot().getStore(NAMESPACE).computeIfAbsent(AutoCloseable.class, (key) -> finalCheck);
	}

	@Override
	public void afterAll(ExtensionContext context) {
		Class<?> testClass = context.getRequiredTestClass();
		// A nested class is checked together with the class around it
		boolean outermost = context.getParent().flatMap(ExtensionContext::getTestClass).isEmpty();
		if (outermost && NettyLeaks.takeUsed()) {
			forgetClosedApplications();
			NettyLeaks.verifyNone(testClass.getName());
		}
	}

	/**
	 * Spring Integration's DSL remembers some components of every flow for good, and with
	 * them their application contexts. A leak of a closed application would never show,
	 * and each collection would take longer than the one before.
	 */
	private static void forgetClosedApplications() {
		Set<?> components = (Set<?>) ReflectionTestUtils.getField(BaseIntegrationFlowDefinition.class,
				"REFERENCED_REPLY_PRODUCERS");
		Objects.requireNonNull(components).clear();
	}

}
