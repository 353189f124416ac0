package dev.socketecho.transport.loop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.DatagramChannel;

/**
 * Tells an unreachable network from an unreachable host. Netty's native transports report
 * both as a {@link NoRouteToHostException} without the operating system's text; asking
 * for the route once more, with a UDP socket that sends nothing and waits for nothing,
 * has the text.
 */
public final class UnreachableCause {

	private UnreachableCause() {
	}

	/**
	 * Explains a failure to connect.
	 * @param failure any failure
	 * @return the failure itself, or what says more
	 */
	public static Throwable of(Throwable failure, InetSocketAddress remote) {
		if (!(failure instanceof NoRouteToHostException)) {
			return failure;
		}
		try (DatagramChannel channel = DatagramChannel.open()) {
			channel.connect(remote);
			return failure;
		}
		catch (IOException ex) {
			return ex;
		}
	}

}
