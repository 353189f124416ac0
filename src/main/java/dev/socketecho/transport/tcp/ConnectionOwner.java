package dev.socketecho.transport.tcp;

import java.time.Duration;
import java.util.function.Consumer;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.TrafficRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.PendingBudget;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import dev.socketecho.transport.tcp.traffic.IdleTimeout;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.ip.tcp.connection.AbstractConnectionFactory;

/**
 * The server or client that a connection belongs to, with all that the connection needs
 * of it. Each connection factory has one.
 *
 * @param factory the connection factory
 * @param name the name of the server or client
 * @param server whether this is a server
 * @param limits the limits of each connection
 * @param greeting what each connection sends first, {@code null} for nothing; the
 * connections share the memory
 * @param stockCloseReason the reason of a close by Spring Integration's stock components
 * @param recorder counts what happens
 * @param warnings the log for failures of the flow
 * @param closed called with each connection that is closed, on its event loop, after its
 * last message
 */
record ConnectionOwner(AbstractConnectionFactory factory, String name, boolean server, Limits limits,
		@Nullable ByteBuf greeting, CloseReason stockCloseReason, TrafficRecorder recorder, RateLimitedLog warnings,
		Consumer<NettyTcpConnection> closed) {

	/**
	 * The bean name of the connection factory.
	 */
	String componentName() {
		return this.factory.getComponentName();
	}

	/**
	 * The publisher of events about connections.
	 */
	@Nullable ApplicationEventPublisher eventPublisher() {
		return this.factory.getApplicationEventPublisher();
	}

	/**
	 * The limits of each connection.
	 *
	 * @param pendingBudget the budget of all bytes that are queued to peers
	 * @param maxPendingBytes bytes queued to the peer, past which reading pauses
	 * @param lingerTimeout how long the peer has to close too, and after an operator's
	 * close to take what is queued
	 * @param stallTimeout how long a peer may take nothing of what is queued when this
	 * side has decided the end; zero if something else limits that
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
