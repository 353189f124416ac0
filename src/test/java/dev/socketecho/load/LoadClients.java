package dev.socketecho.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.socketecho.client.EchoClient;
import dev.socketecho.client.TcpEchoClient;
import dev.socketecho.client.TcpEchoClientSettings;
import dev.socketecho.client.UdpEchoClient;
import dev.socketecho.client.UdpEchoClientSettings;
import dev.socketecho.codec.Framing;
import dev.socketecho.codec.FramingSpec;
import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.tls.ClientTls;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.SocketOptions;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.proxy.ProxyProtocol;
import dev.socketecho.transport.tcp.settings.TcpClientSettings;
import dev.socketecho.transport.udp.UdpClientOptions;
import dev.socketecho.transport.udp.UdpClientSettings;
import org.jspecify.annotations.Nullable;

/**
 * Clients of servers on the loopback address. They send nothing themselves.
 */
final class LoadClients {

	private static final EventLoops eventLoops = new EventLoops(TransportType.NIO, 1, "unused");

	private LoadClients() {
	}

	static EchoClient tcp(int port, Framing framing, Duration replyTimeout) {
		return tcp(port, framing, replyTimeout, false, null);
	}

	static EchoClient tcp(int port, Framing framing, Duration replyTimeout, boolean closeAfterReply,
			@Nullable ClientTls tls) {
		FramingSpec spec = new FramingSpec(framing, framing.needsDelimiter() ? "<EOF>" : null, 1024 * 1024, false);
		return new TcpEchoClient(new TcpEchoClientSettings(
				new TcpClientSettings("test", "127.0.0.1", port, spec, Duration.ofSeconds(5), null, 0,
						SocketOptions.DEFAULTS, ProxyProtocol.NONE, tls, TcpClientSettings.DEFAULT_PATH),
				replyTimeout, 1, closeAfterReply), eventLoops, ClientRecorder.none());
	}

	static EchoClient udp(int port, Duration replyTimeout) {
		return new UdpEchoClient(new UdpEchoClientSettings(new UdpClientSettings("test", "127.0.0.1", port,
				Duration.ofSeconds(5), null, 0, UdpClientOptions.DEFAULTS), replyTimeout, 1024 * 1024), eventLoops,
				ClientRecorder.none());
	}

	/**
	 * Makes a run and waits for its end.
	 */
	static LoadReport run(EchoClient client, LoadSettings settings) throws Exception {
		LoadRun run = start(client, settings, LoadRecorder.none());
		return run.done().get(60, TimeUnit.SECONDS);
	}

	static LoadRun start(EchoClient client, LoadSettings settings, LoadRecorder recorder) {
		LoadRun run = new LoadRun(client, settings, LoadLimits.DEFAULTS.backlog(settings), recorder,
				TransportType.AUTO);
		run.start();
		return run;
	}

	static LoadSettings closed(int connections, int outstanding, int payloadSize, int millis) {
		return new LoadSettings(null, connections, outstanding, payloadSize, Duration.ofMillis(millis), Duration.ZERO);
	}

	static LoadSettings open(int rate, int connections, int millis) {
		return new LoadSettings(rate, connections, 16, 64, Duration.ofMillis(millis), Duration.ZERO);
	}

}
