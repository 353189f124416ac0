package dev.socketecho.app;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.socketecho.SocketEchoApplication;
import dev.socketecho.testing.TestApplication;

import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ActiveProfiles;

/**
 * Runs the application as it is shipped, but for its ports. All test classes with this
 * annotation share one application, so they look at differences, or at a server that is
 * theirs alone:
 * <ul>
 * <li>{@code untouched}, to which nobody connects;</li>
 * <li>{@code single}, with room for one connection;</li>
 * <li>{@code brief}, for lines of eight bytes at most.</li>
 * </ul>
 */
@Documented
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(classes = SocketEchoApplication.class, webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "echo.tcp.servers.untouched.port=0", "echo.tcp.servers.single.port=0",
				"echo.tcp.servers.single.max-connections=1", "echo.tcp.servers.brief.port=0",
				"echo.tcp.servers.brief.framing=line", "echo.tcp.servers.brief.max-message-size=8B",
				"management.endpoint.connections.access=unrestricted" })
@ActiveProfiles(TestApplication.FREE_PORTS)
@Import(EchoService.class)
public @interface EchoServiceTest {

}
