package dev.socketecho.load;

import java.time.Duration;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.TcpEchoClient;
import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.client.UdpEchoClient;
import dev.socketecho.client.UdpEchoClientSettings;
import dev.socketecho.transport.loop.EventLoops;

/**
 * What a run sends to: the target of a client, as the client is configured.
 */
sealed interface LoadTarget {

	static LoadTarget of(EchoClient client) {
		return switch (client) {
			case TcpEchoClient tcp -> new Tcp(tcp.settings());
			case UdpEchoClient udp -> new Udp(udp.settings());
		};
	}

	/**
	 * How long a reply may take.
	 */
	Duration replyTimeout();

	/**
	 * Checks that messages can be sent.
	 * @throws IllegalArgumentException if not; the message names the setting, its value
	 * and what is expected
	 */
	void check(LoadSettings asked);

	/**
	 * Creates a connection, which is not open.
	 * @param number its number, from 0
	 * @param backlog how many messages may be without a reply
	 */
	LoadConnection<?> connection(LoadLoop loop, EventLoops eventLoops, LoadSettings asked, int number, int backlog);

	private static void checkSize(LoadSettings asked, long least, long most) {
		if (asked.payloadSize() < least || asked.payloadSize() > most) {
			throw new IllegalArgumentException(
					"payloadSize: %d (expected: %d to %d)".formatted(asked.payloadSize(), least, most));
		}
	}

	/**
	 * A TCP server.
	 *
	 * @param client the client's settings
	 */
	record Tcp(TcpEchoClientSettings client) implements LoadTarget {

		@Override
		public Duration replyTimeout() {
			return this.client.replyTimeout();
		}

		@Override
		public void check(LoadSettings asked) {
			checkSize(asked, 1, this.client.connection().framing().newFramer().longestMessage());
			String delimiter = this.client.connection().framing().delimiter();
			if (LoadMessage.mayContain(delimiter)) {
				throw new IllegalArgumentException(
						"delimiter: '%s' (expected: other than lower-case letters, which the messages of a load run have)"
							.formatted(delimiter));
			}
		}

		@Override
		public LoadConnection<?> connection(LoadLoop loop, EventLoops eventLoops, LoadSettings asked, int number,
				int backlog) {
			boolean singleUse = EndOfMessage.of(this.client).isSingleUse();
			return new TcpLoadConnection(loop, new LoadConnection.Options(number, singleUse ? 1 : asked.outstanding(),
					backlog, replyTimeout().toNanos()), this.client, eventLoops, asked.payloadSize());
		}

	}

	/**
	 * A UDP server.
	 *
	 * @param client the client's settings
	 */
	record Udp(UdpEchoClientSettings client) implements LoadTarget {

		/**
		 * In bytes. Shorter messages would not differ enough to tell their replies apart.
		 */
		private static final int SHORTEST = 4;

		/** In bytes, over IPv4 (RFC 768, RFC 791). */
		private static final int LONGEST = 65_507;

		@Override
		public Duration replyTimeout() {
			return this.client.replyTimeout();
		}

		@Override
		public void check(LoadSettings asked) {
			checkSize(asked, SHORTEST, Math.min(LONGEST, this.client.maxMessageSize()));
		}

		@Override
		public LoadConnection<?> connection(LoadLoop loop, EventLoops eventLoops, LoadSettings asked, int number,
				int backlog) {
			int distinct = LoadMessage.distinct(asked.payloadSize()) / 2;
			return new UdpLoadConnection(loop, new LoadConnection.Options(number, asked.outstanding(),
					Math.min(backlog, distinct), replyTimeout().toNanos()), this.client.socket(), eventLoops,
					asked.payloadSize());
		}

	}

}
