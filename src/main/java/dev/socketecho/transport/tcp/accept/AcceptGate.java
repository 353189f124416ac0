package dev.socketecho.transport.tcp.accept;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.SocketError;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/**
 * The handler of a listening socket. It asks {@link SourceGate} about each accepted
 * connection before that costs anything: a rejected one has neither pipeline nor event
 * loop. When the process runs out of descriptors it pauses accepting for a second, since
 * the event loop would otherwise report the pending connection without end.
 * <p>
 * Called on the event loop of the listening socket only.
 */
@Sharable
final class AcceptGate extends ChannelInboundHandlerAdapter {

	private static final long PAUSE_SECONDS = 1;

	private final TcpServerSettings settings;

	private final SourceGate sources;

	private final TcpServerRecorder recorder;

	private final RateLimitedLog warnings;

	AcceptGate(TcpServerSettings settings, SourceGate sources, TcpServerRecorder recorder, RateLimitedLog warnings) {
		this.settings = settings;
		this.sources = sources;
		this.recorder = recorder;
		this.warnings = warnings;
	}

	@Override
	public void channelRead(ChannelHandlerContext ctx, Object message) {
		Channel accepted = (Channel) message;
		if (!(accepted.remoteAddress() instanceof InetSocketAddress remote)) {
			// Already reset. The peer's address is not known, as io_uring's accept does
			// not return it.
			accepted.unsafe().closeForcibly();
			return;
		}
		if (admits(accepted, remote.getAddress())) {
			ctx.fireChannelRead(accepted);
		}
	}

	private boolean admits(Channel accepted, InetAddress source) {
		try {
			return this.settings.proxyProtocol() ? this.sources.admitUnnamed(accepted, source)
					: this.sources.admit(accepted, source);
		}
		catch (Throwable ex) {
			// Nobody else would close its descriptor.
			accepted.unsafe().closeForcibly();
			throw ex;
		}
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
		SocketError error = SocketError.of(cause);
		this.recorder.error(error);
		this.warnings.warn("Server '%s' failed to accept a connection: %s (%s)".formatted(this.settings.name(),
				error.tag(), cause.getMessage()));
		if (error != SocketError.CONNECTION_ABORTED && ctx.channel().config().isAutoRead()) {
			ctx.channel().config().setAutoRead(false);
			ctx.executor().schedule(() -> resume(ctx.channel()), PAUSE_SECONDS, TimeUnit.SECONDS);
		}
	}

	private static void resume(Channel listener) {
		if (listener.isOpen()) {
			listener.config().setAutoRead(true);
		}
	}

}
