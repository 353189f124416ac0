package dev.socketecho.transport.tcp.accept;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.transport.proxy.ProxyHeaderHandler;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.socket.SocketChannel;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The connections of one server with {@code proxy-protocol} that wait for their PROXY
 * header. {@link Acceptor} hands each accepted connection to {@link #accept}, which adds
 * the handlers of the header. When the header has arrived, this asks {@link SourceGate}
 * whether the source in it is admitted, and calls the opener, which builds the pipeline
 * behind it. A connection that fails before is recorded and logged here. At shutdown,
 * {@link #shutDown} closes those that still wait.
 * <p>
 * While they wait they count in {@code max-connections}, but in no metric. Thread-safe.
 */
final class ProxiedConnections implements ProxyHeaderHandler.Listener {

	private static final Log logger = LogFactory.getLog(ProxiedConnections.class);

	private final TcpServerSettings settings;

	private final SourceGate sources;

	private final TcpServerRecorder recorder;

	private final BiConsumer<SocketChannel, InetSocketAddress> opener;

	private final Set<ProxyHeaderHandler> waiting = ConcurrentHashMap.newKeySet();

	/** A connection that was accepted just before may be added after the shutdown. */
	private volatile boolean shutDown;

	/**
	 * Creates an instance.
	 * @param opener opens the connection of a channel with the source from its header
	 */
	ProxiedConnections(TcpServerSettings settings, SourceGate sources, TcpServerRecorder recorder,
			BiConsumer<SocketChannel, InetSocketAddress> opener) {
		this.settings = settings;
		this.sources = sources;
		this.recorder = recorder;
		this.opener = opener;
	}

	/**
	 * Adds an accepted connection, which waits for its header.
	 */
	void accept(SocketChannel channel) {
		ProxyHeaderHandler.add(channel.pipeline(), this);
	}

	@Override
	public void waiting(ProxyHeaderHandler handler) {
		this.waiting.add(handler);
		if (this.shutDown) {
			handler.shutDown();
		}
	}

	@Override
	public void noLongerWaiting(ProxyHeaderHandler handler) {
		this.waiting.remove(handler);
	}

	@Override
	public boolean admit(SocketChannel channel, InetSocketAddress source) {
		if (!this.sources.enter(channel, source.getAddress())) {
			return false;
		}
		this.opener.accept(channel, source);
		return true;
	}

	@Override
	public void failed(SocketChannel channel, CloseReason reason, Duration open, String why) {
		this.recorder.connectionOpened();
		if (reason == CloseReason.PROXY_PROTOCOL) {
			this.recorder.error(SocketError.PROTOCOL_ERROR);
		}
		this.recorder.connectionClosed(reason, open);
		if (logger.isDebugEnabled()) {
			logger.debug("Connection of server '%s' from %s closed: %s (%s)".formatted(this.settings.name(),
					channel.remoteAddress(), reason.tag(), why));
		}
	}

	/**
	 * Lets connections wait for their header again. Called when the server starts, as it
	 * may have been shut down before.
	 */
	void open() {
		this.shutDown = false;
	}

	/**
	 * Ends the waiting, for connections that wait now and for those that are added later.
	 * A connection whose header is already in the socket is opened, the others are
	 * closed. Blocks until that is done.
	 * @param seconds how long it blocks at most
	 */
	void shutDown(long seconds) {
		this.shutDown = true;
		CompletableFuture
			.allOf(this.waiting.stream().map(ProxyHeaderHandler::shutDown).toArray(CompletableFuture[]::new))
			.completeOnTimeout(null, seconds, TimeUnit.SECONDS)
			.join();
	}

}
