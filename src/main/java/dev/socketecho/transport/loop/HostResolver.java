package dev.socketecho.transport.loop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import io.netty.channel.EventLoop;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;

/**
 * Looks host names up without blocking, for {@link ConnectAttempt}. It is Netty's DNS
 * client, on the event loops: it reads {@code /etc/hosts} and {@code /etc/resolv.conf}
 * and respects the time to live of records. No thread waits, however many lookups hang.
 * It does not find names that need {@code nsswitch.conf} (mDNS, LDAP).
 */
final class HostResolver implements AutoCloseable {

	private final DnsAddressResolverGroup group;

	HostResolver(Class<? extends DatagramChannel> datagrams, Class<? extends SocketChannel> streams,
			DnsServerAddressStreamProvider nameServers) {
		this.group = new DnsAddressResolverGroup(new DnsNameResolverBuilder().datagramChannelType(datagrams)
			.socketChannelType(streams)
			.nameServerProvider(nameServers));
	}

	/**
	 * Looks up all addresses of a host.
	 * @param host an IP literal or a name
	 * @param port the port of the addresses that are returned
	 * @param eventLoop the event loop that looks the name up
	 * @return completes on the event loop with at least one address; it is complete at
	 * once for an IP literal
	 */
	Future<List<InetSocketAddress>> resolve(String host, int port, EventLoop eventLoop) {
		InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
		return (literal != null) ? eventLoop.newSucceededFuture(List.of(new InetSocketAddress(literal, port)))
				: this.group.getResolver(eventLoop).resolveAll(InetSocketAddress.createUnresolved(host, port));
	}

	/**
	 * Puts the addresses of the two families by turns (RFC 8305, 4). A family that does
	 * not work then costs one attempt before the other family is tried. The order within
	 * a family stays, and so does the family that is first.
	 */
	static List<InetSocketAddress> familiesByTurns(List<InetSocketAddress> addresses) {
		Deque<InetSocketAddress> same = new ArrayDeque<>();
		Deque<InetSocketAddress> other = new ArrayDeque<>();
		Class<?> first = addresses.getFirst().getAddress().getClass();
		addresses.forEach((address) -> (first.isInstance(address.getAddress()) ? same : other).add(address));
		List<InetSocketAddress> byTurns = new ArrayList<>(addresses.size());
		while (!same.isEmpty() && !other.isEmpty()) {
			byTurns.add(same.remove());
			byTurns.add(other.remove());
		}
		byTurns.addAll(same);
		byTurns.addAll(other);
		return byTurns;
	}

	@Override
	public void close() {
		this.group.close();
	}

}
