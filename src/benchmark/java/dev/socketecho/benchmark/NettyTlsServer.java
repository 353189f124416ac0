package dev.socketecho.benchmark;

import java.nio.file.Path;

import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

/**
 * The reference for TLS: plain Netty with the JDK's TLS, in a server that does nothing
 * but echo.
 */
final class NettyTlsServer {

	private NettyTlsServer() {
	}

	/**
	 * Serves on a free port and prints it.
	 * @param args the files with the certificate and its key
	 */
	public static void main(String[] args) throws Exception {
		SslContext tls = SslContextBuilder.forServer(Path.of(args[0]).toFile(), Path.of(args[1]).toFile())
			.sslProvider(SslProvider.JDK)
			.build();
		NettyEchoServer.Echo echo = new NettyEchoServer.Echo();
		NettyEchoServer.serve(new ChannelInitializer<SocketChannel>() {
			@Override
			protected void initChannel(SocketChannel channel) {
				channel.pipeline().addLast(tls.newHandler(channel.alloc()), echo);
			}
		});
	}

}
