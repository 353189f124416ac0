package dev.socketecho.transport.proxy;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import io.netty.handler.codec.haproxy.HAProxyMessageEncoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolVersion;
import io.netty.handler.codec.haproxy.HAProxyProxiedProtocol;
import io.netty.util.NetUtil;
import org.jspecify.annotations.Nullable;

/**
 * The PROXY header that a client's connections begin with: none, or one of two versions.
 */
public enum ProxyProtocol {

	/**
	 * None.
	 */
	NONE(null),

	/**
	 * Version 1, a line of text.
	 */
	V1(HAProxyProtocolVersion.V1),

	/**
	 * Version 2, binary.
	 */
	V2(HAProxyProtocolVersion.V2);

	private final @Nullable HAProxyProtocolVersion version;

	ProxyProtocol(@Nullable HAProxyProtocolVersion version) {
		this.version = version;
	}

	/**
	 * Sends the header, if there is one, with the socket's own addresses. Called when the
	 * socket is connected, before anything else is sent. The header's bytes are not
	 * counted.
	 * @param ctx the context of the channel's first handler
	 * @param remote the address that the socket is connected to
	 * @throws UnknownHostException never for the address of a socket
	 */
	public void send(ChannelHandlerContext ctx, InetSocketAddress remote) throws UnknownHostException {
		if (this.version == null) {
			return;
		}
		HAProxyMessage header = header(this.version, ((SocketChannel) ctx.channel()).localAddress(), remote);
		ChannelPipeline pipeline = ctx.pipeline();
		pipeline.addFirst(HAProxyMessageEncoder.INSTANCE);
		ctx.writeAndFlush(header);
		pipeline.remove(HAProxyMessageEncoder.INSTANCE);
	}

	/**
	 * Creates a header. Both addresses in it are of one family. An IPv4 address beside an
	 * IPv6 address is written in IPv6 form (RFC 4291, 2.5.5.2).
	 * @param version the version
	 * @param source the address that the connection comes from
	 * @param destination the address that it goes to
	 * @return the header, for the caller to release
	 * @throws UnknownHostException never for the address of a socket
	 */
	static HAProxyMessage header(HAProxyProtocolVersion version, InetSocketAddress source,
			InetSocketAddress destination) throws UnknownHostException {
		InetAddress from = unmapped(source);
		InetAddress to = unmapped(destination);
		boolean ipv4 = from instanceof Inet4Address && to instanceof Inet4Address;
		return new HAProxyMessage(version, HAProxyCommand.PROXY,
				ipv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6, text(from, ipv4), text(to, ipv4),
				source.getPort(), destination.getPort());
	}

	/**
	 * The JDK turns an IPv4 address in IPv6 form into an IPv4 address. The zone is lost.
	 */
	private static InetAddress unmapped(InetSocketAddress address) throws UnknownHostException {
		return InetAddress.getByAddress(address.getAddress().getAddress());
	}

	private static String text(InetAddress address, boolean ipv4) {
		String text = NetUtil.toAddressString(address);
		return (address instanceof Inet4Address && !ipv4) ? "::ffff:" + text : text;
	}

}
