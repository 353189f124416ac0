package dev.socketecho.transport.udp;

import dev.socketecho.transport.address.SourceFilter;
import dev.socketecho.transport.udp.socket.MulticastSettings;
import dev.socketecho.transport.udp.socket.UdpSocketOptions;
import org.jspecify.annotations.Nullable;

/**
 * Settings of a server that differ from the defaults.
 */
public final class UdpTestSettings {

	private String name = "test";

	private @Nullable String address;

	private int port;

	private int maxDatagramSize = UdpServerSettings.MAX_DATAGRAM_SIZE;

	private @Nullable Integer replyPort;

	private int rate;

	private SourceFilter sources = SourceFilter.ALL;

	private MulticastSettings multicast = MulticastSettings.NONE;

	private boolean portSharing;

	private UdpSocketOptions options = UdpSocketOptions.DEFAULTS;

	private @Nullable TimedAnswers timedAnswers;

	public UdpTestSettings name(String name) {
		this.name = name;
		return this;
	}

	public UdpTestSettings address(@Nullable String address) {
		this.address = address;
		return this;
	}

	public UdpTestSettings port(int port) {
		this.port = port;
		return this;
	}

	public UdpTestSettings maxDatagramSize(int size) {
		this.maxDatagramSize = size;
		return this;
	}

	public UdpTestSettings replyPort(@Nullable Integer port) {
		this.replyPort = port;
		return this;
	}

	public UdpTestSettings rate(int rate) {
		this.rate = rate;
		return this;
	}

	public UdpTestSettings sources(SourceFilter sources) {
		this.sources = sources;
		return this;
	}

	public UdpTestSettings multicast(MulticastSettings multicast) {
		this.multicast = multicast;
		return this;
	}

	public UdpTestSettings portSharing() {
		this.portSharing = true;
		return this;
	}

	public UdpTestSettings options(UdpSocketOptions options) {
		this.options = options;
		return this;
	}

	/**
	 * A socket for each event loop.
	 */
	public UdpTestSettings reusePort() {
		return options(new UdpSocketOptions(false, true, null, null, null, false));
	}

	public UdpTestSettings timedAnswers(TimedAnswers answers) {
		this.timedAnswers = answers;
		return this;
	}

	public UdpServerSettings build() {
		return new UdpServerSettings(this.name, this.address, this.port, this.maxDatagramSize, this.replyPort,
				this.rate, this.sources, this.multicast, this.portSharing, this.options, this.timedAnswers);
	}

}
