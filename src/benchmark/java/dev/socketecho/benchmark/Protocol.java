package dev.socketecho.benchmark;

/**
 * What carries the messages. Servers are compared with others of the same protocol.
 */
enum Protocol {

	PLAIN("", false), WEB_SOCKET(", WebSocket", false), TLS(", TLS", false), UDP(", UDP", true), STAMP(", STAMP", true);

	private final String suffix;

	private final boolean datagrams;

	Protocol(String suffix, boolean datagrams) {
		this.suffix = suffix;
		this.datagrams = datagrams;
	}

	/**
	 * The protocol of a framing's name in the table.
	 */
	static Protocol of(String framing) {
		return switch (framing.split(" ")[0]) {
			case Wire.WEB_SOCKET -> WEB_SOCKET;
			case Wire.TLS -> TLS;
			case "udp" -> UDP;
			case "stamp" -> STAMP;
			default -> PLAIN;
		};
	}

	/**
	 * What a server's name in the table ends with.
	 */
	String suffix() {
		return this.suffix;
	}

	boolean hasDatagrams() {
		return this.datagrams;
	}

}
