package dev.socketecho.load;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.socketecho.client.EchoClient;
import dev.socketecho.codec.Framing;
import dev.socketecho.telemetry.LoadRecorder;
import dev.socketecho.transport.loop.TransportType;

/**
 * Loads an echo server on the loopback address, without the service:
 * {@code LoadAgainst tcp|udp PORT CONNECTIONS PAYLOAD OUTSTANDING SECONDS [RATE]}. The
 * framing is {@code none}.
 */
final class LoadAgainst {

	private LoadAgainst() {
	}

	public static void main(String[] args) throws Exception {
		int port = Integer.parseInt(args[1]);
		Duration duration = Duration.ofSeconds(Long.parseLong(args[5]));
		LoadSettings settings = new LoadSettings((args.length > 6) ? Integer.valueOf(args[6]) : null,
				Integer.parseInt(args[2]), Integer.parseInt(args[4]), Integer.parseInt(args[3]), duration,
				Duration.ofSeconds(4));
		try (EchoClient client = args[0].equals("udp") ? LoadClients.udp(port, Duration.ofSeconds(1))
				: LoadClients.tcp(port, Framing.NONE, Duration.ofSeconds(5))) {
			LoadRun run = new LoadRun(client, settings, LoadLimits.DEFAULTS.backlog(settings), LoadRecorder.none(),
					TransportType.AUTO);
			run.start();
			LoadReport report = run.done().get(duration.toSeconds() + 30, TimeUnit.SECONDS);
			System.out.println("RESULT %s rate=%.0f %s connect=%s lag=%s lost=%d corrupted=%d errors=%s".formatted(
					report.state(), report.rateReached(), report.latency(), report.connect(),
					report.scheduleLagMicros(), report.lost(), report.corrupted(), report.errors()));
		}
	}

}
