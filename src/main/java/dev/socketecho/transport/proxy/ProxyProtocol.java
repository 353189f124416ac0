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
 * The PROXY protocol header that a client's connections begin with.
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
	 * Sends the header, if there is one: the addresses of the socket itself. It is not
	 * part of the connection's counted bytes.
	 * @param ctx the first to write on the channel
	 * @param remote where the socket is connected to
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
	 * A header has addresses of one family only. A socket has, too, but for the form in
	 * which an IPv6 socket may name IPv4 addresses (RFC 4291, 2.5.5.2).
	 */
	public static HAProxyMessage header(HAProxyProtocolVersion version, InetSocketAddress source,
			InetSocketAddress destination) throws UnknownHostException {
		InetAddress from = unmapped(source);
		InetAddress to = unmapped(destination);
		boolean ipv4 = from instanceof Inet4Address && to instanceof Inet4Address;
		return new HAProxyMessage(version, HAProxyCommand.PROXY,
				ipv4 ? HAProxyProxiedProtocol.TCP4 : HAProxyProxiedProtocol.TCP6, text(from, ipv4), text(to, ipv4),
				source.getPort(), destination.getPort());
	}

	/**
	 * The JDK makes an IPv4 address of one in IPv6's form, and drops the zone.
	 */
	private static InetAddress unmapped(InetSocketAddress address) throws UnknownHostException {
		return InetAddress.getByAddress(address.getAddress().getAddress());
	}

	private static String text(InetAddress address, boolean ipv4) {
		String text = NetUtil.toAddressString(address);
		return (address instanceof Inet4Address && !ipv4) ? "::ffff:" + text : text;
	}

}
