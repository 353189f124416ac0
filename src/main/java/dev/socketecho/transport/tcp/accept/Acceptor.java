package dev.socketecho.transport.tcp.accept;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.BiConsumer;

import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.ServerBindException;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * Accepts the connections of one TCP server, for its connection factory. It opens and
 * closes the {@link ListeningSocket}. {@link AcceptGate} decides whether an accepted
 * connection is admitted; with {@code proxy-protocol} the connection then waits in
 * {@link ProxiedConnections} for the header that names its source. Each connection that
 * is admitted, with its source, goes to the opener, on the connection's event loop.
 * Thread-safe.
 */
public final class Acceptor {

	private final TcpServerSettings settings;

	private final EventLoops eventLoops;

	private final AcceptGate gate;

	private final ProxiedConnections proxied;

	private final BiConsumer<SocketChannel, InetSocketAddress> opener;

	private volatile @Nullable ListeningSocket socket;

	/**
	 * Creates an acceptor, which does not listen yet.
	 * @param settings the server's settings
	 * @param eventLoops the event loops, which outlive the acceptor
	 * @param recorder counts the connections that are not admitted, and errors
	 * @param warnings the log for them
	 * @param opener opens the connection of a channel with its source
	 */
	public Acceptor(TcpServerSettings settings, EventLoops eventLoops, TcpServerRecorder recorder,
			RateLimitedLog warnings, BiConsumer<SocketChannel, InetSocketAddress> opener) {
		this.settings = settings;
		this.eventLoops = eventLoops;
		SourceGate sources = new SourceGate(settings, new ConnectionAdmission(settings.limits(), System::nanoTime),
				recorder, warnings);
		this.gate = new AcceptGate(settings, sources, recorder, warnings);
		this.proxied = new ProxiedConnections(settings, sources, recorder, opener);
		this.opener = opener;
	}

	/**
	 * Binds and listens. Blocks until that is done.
	 * @return the server and its address, for the log
	 * @throws ServerBindException if that is not possible
	 */
	public String open() {
		this.proxied.open();
		ListeningSocket opened = ListeningSocket.open(this.settings, this.eventLoops, this.gate, new Accepted());
		String description = opened.description();
		this.socket = opened;
		return description;
	}

	/**
	 * Returns the address that is bound.
	 * @return the address and port, {@code null} if the server does not listen
	 */
	public @Nullable SocketAddress localAddress() {
		ListeningSocket current = this.socket;
		return (current != null) ? current.localAddress() : null;
	}

	/**
	 * Closes the listening socket; open connections stay. Those that wait in its queue
	 * are accepted first, unless the socket was handed over: then the next process
	 * accepts them. Those that wait for their PROXY header are closed, except where the
	 * header is already in the socket. Blocks until that is done.
	 * @param seconds how long each of these steps may take at most, in s
	 */
	public void close(long seconds) {
		ListeningSocket current = this.socket;
		this.socket = null;
		if (current != null) {
			current.close(seconds);
		}
		this.proxied.shutDown(seconds);
	}

	/**
	 * The first handler of an accepted connection, which removes itself.
	 */
	private final class Accepted extends ChannelInitializer<SocketChannel> {

		@Override
		protected void initChannel(SocketChannel channel) {
			if (Acceptor.this.settings.proxyProtocol()) {
				Acceptor.this.proxied.accept(channel);
			}
			else {
				Acceptor.this.opener.accept(channel, channel.remoteAddress());
			}
		}

	}

}
