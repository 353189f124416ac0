package dev.socketecho.transport.tcp;

import dev.socketecho.telemetry.ClientRecorder;
import dev.socketecho.testing.DnsPeer;
import dev.socketecho.transport.loop.EventLoops;
import dev.socketecho.transport.loop.InheritedSockets;
import dev.socketecho.transport.loop.TransportType;
import dev.socketecho.transport.udp.UdpClientSocket;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.resolver.dns.SingletonDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultEventExecutorChooserFactory;

/**
 * What tests of clients need of this package's inside.
 */
public final class ClientSockets {

	private ClientSockets() {
	}

	/**
	 * Event loops that look names up at a name server of the test's.
	 */
	public static EventLoops lookingUpAt(DnsPeer names, int threads) {
		return new EventLoops(TransportType.AUTO, threads, "test", InheritedSockets.NONE,
				DefaultEventExecutorChooserFactory.INSTANCE,
				new SingletonDnsServerAddressStreamProvider(names.address()));
	}

	/**
	 * A client's UDP socket on a channel of the test's, which receives nothing.
	 */
	public static UdpClientSocket onChannel(Channel channel) {
		return new UdpClientSocket(channel, ClientRecorder.none(), ByteBuf::readableBytes);
	}

}
