package dev.socketecho.benchmark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One line of a table: a server under a load, and what the rounds have measured.
 */
final class Row {

	/** Programs that are not compiled while they run need no more than this, in s. */
	private static final double SHORT_WARM_UP = 0.2;

	private final Load load;

	private final RunningPeer peer;

	private final String framing;

	private final Measurement measurement;

	private final List<Figures> figures = new ArrayList<>();

	private @Nullable String refusal;

	Row(Load load, RunningPeer peer, String framing, Measurement measurement) {
		this.load = load;
		this.peer = peer;
		this.framing = framing;
		this.measurement = measurement;
	}

	/**
	 * Loads the server without keeping the figures, and notes if it cannot take the load
	 * at all, as Spring Integration's own a message over 2,048 bytes.
	 * @param seconds for a server in Java
	 * @throws IOException if it is the service that cannot
	 */
	void warmUp(double seconds) throws IOException {
		try {
			run(this.peer.isJava() ? seconds : Math.min(seconds, SHORT_WARM_UP));
		}
		catch (IOException ex) {
			if (isSubject()) {
				throw ex;
			}
			this.refusal = (ex.getCause() != null) ? ex.getCause().getMessage() : ex.getMessage();
		}
	}

	void measure(double seconds) throws IOException {
		this.figures.add(run(seconds));
	}

	private Figures run(double seconds) throws IOException {
		try {
			return this.measurement.run(seconds);
		}
		catch (IOException ex) {
			throw new IOException("%s, %s, %s: %s".formatted(server(), this.framing, this.load, ex.getMessage()), ex);
		}
	}

	Load load() {
		return this.load;
	}

	String framing() {
		return this.framing;
	}

	/**
	 * The server's name in the table.
	 */
	String server() {
		return this.peer.title(this.framing);
	}

	List<Figures> figures() {
		return this.figures;
	}

	/**
	 * Why the server cannot take the load, {@code null} if it can.
	 */
	@Nullable String refusal() {
		return this.refusal;
	}

	/**
	 * Whether the other one has the same load and carries the same messages. STAMP is
	 * compared with UDP's echo.
	 */
	boolean isComparable(Row other) {
		return other.load.equals(this.load) && family() == other.family();
	}

	private Protocol family() {
		Protocol protocol = protocol();
		return (protocol == Protocol.STAMP) ? Protocol.UDP : protocol;
	}

	/**
	 * Whether both are of the same server, whatever the load.
	 */
	boolean isSameServer(Row other) {
		return other.peer == this.peer && other.framing.equals(this.framing);
	}

	Protocol protocol() {
		return Protocol.of(this.framing);
	}

	/**
	 * Whether it is the service.
	 */
	boolean isSubject() {
		return this.peer.name().equals(Subject.NAME);
	}

	long wrong() {
		return this.figures.stream().mapToLong(Figures::wrong).sum();
	}

	/**
	 * Loads the server once.
	 */
	@FunctionalInterface
	interface Measurement {

		/**
		 * Measures for a time.
		 * @throws IOException if the server ends or refuses a connection
		 */
		Figures run(double seconds) throws IOException;

	}

}
