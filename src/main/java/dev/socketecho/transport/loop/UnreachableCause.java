package dev.socketecho.transport.loop;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NoRouteToHostException;
import java.nio.channels.DatagramChannel;

/**
 * Distinguishes an unreachable network from an unreachable host. TCP and UDP clients ask
 * it when they cannot connect, on the event loop. Netty's native transports report both
 * as a {@link NoRouteToHostException} without a message. So it asks the JDK for the route
 * once more, with a UDP socket: connecting that sends nothing and does not block.
 */
public final class UnreachableCause {

	private UnreachableCause() {
	}

	/**
	 * Explains why a connection has failed.
	 * @param failure any failure to connect
	 * @param remote the address that could not be reached
	 * @return the failure itself, or one that says more
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
