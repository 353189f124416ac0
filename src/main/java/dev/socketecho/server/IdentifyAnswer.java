package dev.socketecho.server;

import java.net.InetSocketAddress;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;

import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.springframework.boot.json.JsonWriter;

/**
 * The answer to one message in {@code mode: identify}: one line of JSON. Its members are
 * in the order of the components; those that are {@code null} are left out.
 * {@link TcpIdentifier} and {@link UdpIdentifier} make one for each message.
 *
 * @param server the server's name
 * @param transport {@code tcp} or {@code udp}
 * @param identity the host's name and the values of {@code echo.identity}
 * @param local the address and port that the message was sent to
 * @param source the caller's address and port; behind the PROXY protocol those that its
 * header names
 * @param proxiedBy the address and port of the proxy, {@code null} without one
 * @param connection the connection's id, {@code null} over UDP
 * @param sequence the number of the message, from 0
 * @param received the message's length in bytes, without terminator and header
 * @param time when the message was answered
 * @param tls TLS, {@code null} without it
 */
record IdentifyAnswer(String server, String transport, InstanceIdentity identity, String local, String source,
		@Nullable String proxiedBy, @Nullable String connection, long sequence, int received, Instant time,
		@Nullable Tls tls) {

	/**
	 * Always three digits, so that the length of an answer does not depend on the time.
	 */
	private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder().appendInstant(3).toFormatter();

	private static final JsonWriter<IdentifyAnswer> WRITER = JsonWriter.of((members) -> {
		members.add("server", IdentifyAnswer::server);
		members.add("transport", IdentifyAnswer::transport);
		members.add("hostname", (IdentifyAnswer answer) -> answer.identity().hostname());
		members.add("instance", (IdentifyAnswer answer) -> answer.identity().instance());
		members.add("local", IdentifyAnswer::local);
		members.add("source", IdentifyAnswer::source);
		members.add("proxiedBy", IdentifyAnswer::proxiedBy).whenNotNull();
		members.add("connection", IdentifyAnswer::connection).whenNotNull();
		members.add("sequence", IdentifyAnswer::sequence);
		members.add("received", IdentifyAnswer::received);
		members.add("time", (IdentifyAnswer answer) -> TIME.format(answer.time()));
		members.add("tls", IdentifyAnswer::tls).whenNotNull().usingMembers((tls) -> {
			tls.add("protocol", Tls::protocol);
			tls.add("cipher", Tls::cipher);
			tls.add("peer", Tls::peer).whenNotNull();
		});
	});

	/** No address and port is written in fewer characters. */
	private static final String SHORTEST_ADDRESS = "0.0.0.0:0";

	/** A connection's id. */
	private static final String SHORTEST_ID = "00000000-0000-0000-0000-000000000000";

	/**
	 * Returns an answer that is as short as one of this server can be, for the check at
	 * the start.
	 */
	static IdentifyAnswer shortest(String server, String transport, InstanceIdentity identity) {
		return new IdentifyAnswer(server, transport, identity, SHORTEST_ADDRESS, SHORTEST_ADDRESS, null,
				transport.equals("tcp") ? SHORTEST_ID : null, 0, 0, Instant.EPOCH, null);
	}

	/**
	 * Writes an address as {@code address:port}, IPv6 in brackets.
	 */
	static String text(InetSocketAddress address) {
		return NetUtil.toSocketAddressString(address);
	}

	/**
	 * Returns the line of JSON, in UTF-8 and without an end of line. It has no control
	 * characters.
	 */
	byte[] json() {
		return WRITER.write(this).toByteArray();
	}

	/**
	 * TLS of a connection.
	 *
	 * @param protocol the version
	 * @param cipher the cipher suite
	 * @param peer the subject of the client's certificate (RFC 2253), {@code null} if it
	 * has shown none
	 */
	record Tls(String protocol, String cipher, @Nullable String peer) {

		static @Nullable Tls of(@Nullable SSLSession session) {
			return (session != null) ? new Tls(session.getProtocol(), session.getCipherSuite(), subject(session))
					: null;
		}

		private static @Nullable String subject(SSLSession session) {
			try {
				return session.getPeerPrincipal().getName();
			}
			catch (SSLPeerUnverifiedException ex) {
				return null;
			}
		}

	}

}
