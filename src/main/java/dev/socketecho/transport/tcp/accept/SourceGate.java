package dev.socketecho.transport.tcp.accept;

import java.net.InetAddress;
import java.util.function.Supplier;

import dev.socketecho.telemetry.CloseReason;
import dev.socketecho.telemetry.RateLimitedLog;
import dev.socketecho.telemetry.TcpServerRecorder;
import dev.socketecho.transport.tcp.settings.TcpServerSettings;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import org.jspecify.annotations.Nullable;

/**
 * Admits the connections of one server by its lists and limits, or closes, counts and
 * logs them. {@link AcceptGate} asks about the address of the socket,
 * {@link ProxiedConnections} about the source in a PROXY header. The lists come first: a
 * denied source uses up no limit.
 */
final class SourceGate {

	private final TcpServerSettings settings;

	private final ConnectionAdmission admission;

	private final TcpServerRecorder recorder;

	private final RateLimitedLog warnings;

	SourceGate(TcpServerSettings settings, ConnectionAdmission admission, TcpServerRecorder recorder,
			RateLimitedLog warnings) {
		this.settings = settings;
		this.admission = admission;
		this.recorder = recorder;
		this.warnings = warnings;
	}

	/**
	 * Admits an accepted connection whose source is known. Called by the accepting event
	 * loop only.
	 * @return whether it is admitted; otherwise it is closed
	 */
	boolean admit(Channel channel, InetAddress source) {
		return decide(channel, source, () -> permits(source) ? this.admission.admit(source) : CloseReason.DENIED,
				(_) -> this.admission.release(source));
	}

	/**
	 * Admits an accepted connection whose PROXY header has not come yet. Called by the
	 * accepting event loop only.
	 * @return whether it is admitted; otherwise it is closed
	 */
	boolean admitUnnamed(Channel channel, InetAddress proxy) {
		return decide(channel, proxy, this.admission::admit, (_) -> this.admission.release());
	}

	/**
	 * Admits a connection from {@link #admitUnnamed}, now that its source is known.
	 * @return whether it may stay; otherwise it is closed
	 */
	boolean enter(Channel channel, InetAddress source) {
		return decide(channel, source, () -> permits(source) ? this.admission.enter(source) : CloseReason.DENIED,
				(_) -> this.admission.leave(source));
	}

	private boolean permits(InetAddress source) {
		return this.settings.sources().permits(source);
	}

	private boolean decide(Channel channel, InetAddress source, Supplier<@Nullable CloseReason> decision,
			ChannelFutureListener whenClosed) {
		CloseReason rejected = decision.get();
		if (rejected == null) {
			channel.closeFuture().addListener(whenClosed);
			return true;
		}
		// Counted first: a peer that sees the close finds it counted.
		this.recorder.connectionRejected(rejected);
		if (channel.isRegistered()) {
			channel.close();
		}
		else {
			channel.unsafe().closeForcibly();
		}
		this.warnings.warn("Server '%s' turned a connection from %s away: %s".formatted(this.settings.name(),
				source.getHostAddress(), rejected.tag()));
		return false;
	}

}
