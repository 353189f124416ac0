import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A running service on free ports of the loopback address. Not thread-safe.
 */
final class Service implements AutoCloseable {

	/** The exit code of a JVM that was ended by SIGTERM. */
	static final int TERMINATED = 143;

	private static final int TIMEOUT_MILLIS = 60_000;

	private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

	private final Process process;

	private final long started;

	private final int http = freePort();

	private final int stream = freePort();

	private final int line = freePort();

	private final int message = freePort();

	private final int collect = freePort();

	private final int datagram = freePort();

	/**
	 * Starts the service.
	 * @param log the file for its output
	 * @param command the JVM, its options and the jar
	 * @param arguments further arguments of the service, in which {line} and {datagram} are
	 * the ports of these servers
	 */
	Service(File log, List<String> command, String... arguments) throws IOException {
		List<String> all = new ArrayList<>(command);
		all.add("--server.port=" + this.http);
		all.add("--server.address=127.0.0.1");
		tcp(all, "stream", this.stream);
		tcp(all, "line", this.line);
		tcp(all, "message", this.message);
		tcp(all, "collect", this.collect);
		all.add("--echo.udp.servers.datagram.port=" + this.datagram);
		all.add("--echo.udp.servers.datagram.address=127.0.0.1");
		for (String argument : arguments) {
			all.add(argument.replace("{line}", "" + this.line).replace("{datagram}", "" + this.datagram));
		}
		ProcessBuilder builder = new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log);
		this.started = System.nanoTime();
		this.process = builder.start();
	}

	private static void tcp(List<String> arguments, String name, int port) {
		arguments.add("--echo.tcp.servers." + name + ".port=" + port);
		arguments.add("--echo.tcp.servers." + name + ".address=127.0.0.1");
	}

	/**
	 * Waits until readiness answers 200.
	 * @return the milliseconds since just before the process was created
	 */
	double awaitReady() throws IOException, InterruptedException {
		while (true) {
			if (!this.process.isAlive()) {
				throw new IllegalStateException("The service ended: " + this.process.exitValue());
			}
			try {
				if (get("/actuator/health/readiness").startsWith("HTTP/1.1 200")) {
					return (System.nanoTime() - this.started) / 1e6;
				}
			}
			catch (IOException ex) {
				// Not yet
			}
			if (System.nanoTime() - this.started > TimeUnit.MILLISECONDS.toNanos(TIMEOUT_MILLIS)) {
				throw new SocketTimeoutException("The service is not ready");
			}
			Thread.sleep(2);
		}
	}

	String get(String path) throws IOException {
		return request("GET " + path, "");
	}

	String post(String path, String json) throws IOException {
		return request("POST " + path, json);
	}

	private String request(String what, String body) throws IOException {
		String request = what + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: */*\r\n"
				+ "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
		return exchange(this.http, request, false);
	}

	void echoes(String text) throws IOException {
		expect(text, exchange(this.stream, text, true));
		expect(text + "\r\n" + text + "\n", exchange(this.line, text + "\r\n" + text + "\n", true));
		expect(text + "<EOF>", exchange(this.message, text + "<EOF>", false));
		expect("", exchange(this.collect, text, true));
		try (DatagramSocket socket = new DatagramSocket(0, LOOPBACK)) {
			socket.setSoTimeout(TIMEOUT_MILLIS);
			byte[] data = text.getBytes(StandardCharsets.UTF_8);
			socket.send(new DatagramPacket(data, data.length, LOOPBACK, this.datagram));
			DatagramPacket reply = new DatagramPacket(new byte[65507], 65507);
			socket.receive(reply);
			expect(text, new String(reply.getData(), 0, reply.getLength(), StandardCharsets.UTF_8));
		}
	}

	static void expect(String expected, String actual) {
		if (!expected.equals(actual)) {
			throw new IllegalStateException("Expected '" + expected + "', got '" + actual + "'");
		}
	}

	private static String exchange(int port, String text, boolean halfClose) throws IOException {
		try (Socket socket = new Socket()) {
			socket.connect(new InetSocketAddress(LOOPBACK, port), TIMEOUT_MILLIS);
			socket.setSoTimeout(TIMEOUT_MILLIS);
			socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
			if (halfClose) {
				socket.shutdownOutput();
			}
			try (InputStream in = socket.getInputStream()) {
				return new String(in.readAllBytes(), StandardCharsets.UTF_8);
			}
		}
	}

	ProcessHandle process() {
		return this.process.toHandle();
	}

	/**
	 * Ends the service by SIGTERM.
	 * @return its exit code
	 */
	int terminate() throws InterruptedException {
		this.process.destroy();
		if (!this.process.waitFor(5, TimeUnit.MINUTES)) {
			throw new IllegalStateException("The service does not end");
		}
		return this.process.exitValue();
	}

	@Override
	public void close() {
		this.process.destroyForcibly();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, LOOPBACK);
				DatagramSocket udp = new DatagramSocket(socket.getLocalPort(), LOOPBACK)) {
			return udp.getLocalPort();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
