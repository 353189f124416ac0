package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.function.Consumer;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.TrafficRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.PendingBudget;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;

/**
 * What a connection needs of the server or client that it belongs to.
 *
 * @param factory the connection factory
 * @param name the name of the server or client
 * @param server whether the connections were accepted, not made
 * @param limits what bounds the connections
 * @param stockCloseReason the reason of a close that comes from the stock components
 * @param recorder told of what happens
 * @param warnings where failures of the flow are logged
 * @param closed told of connections that are no more, on their event loops, after the
 * last message
 */
record ConnectionOwner(AbstractConnectionFactory factory, String name, boolean server, Limits limits,
		CloseReason stockCloseReason, TrafficRecorder recorder, RateLimitedLog warnings,
		Consumer<NettyTcpConnection> closed) {

	/**
	 * The connection factory's name among the beans.
	 */
	String componentName() {
		return this.factory.getComponentName();
	}

	/**
	 * Who is told of connections that open and close.
	 */
	@Nullable ApplicationEventPublisher eventPublisher() {
		return this.factory.getApplicationEventPublisher();
	}

	/**
	 * What bounds a connection.
	 *
	 * @param pendingBudget where what no peer takes is accounted for
	 * @param maxPendingBytes bytes queued to the peer, past which it is not read from
	 * @param lingerTimeout how long the peer is given to see the end of a connection
	 * @param stallTimeout how long a peer may take nothing of what is queued to it once
	 * this side has decided the end; zero where something else bounds that
	 */
	record Limits(PendingBudget pendingBudget, long maxPendingBytes, Duration lingerTimeout, Duration stallTimeout) {

		/** An {@link IdleTimeout} may be a quarter late: 10 seconds in all. */
		private static final Duration STALL_TIMEOUT = Duration.ofSeconds(8);

		/**
		 * The limits of a server's connections. A peer that takes nothing is bounded by
		 * the idle timeout, if there is one.
		 */
		static Limits of(TcpServerSettings settings, EventLoops eventLoops) {
			return new Limits(eventLoops.pendingBudget(), settings.maxPendingBytes(), settings.lingerTimeout(),
					settings.idleTimeout().isZero() ? STALL_TIMEOUT : Duration.ZERO);
		}

	}

}
