package dev.socketecho.benchmark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import tlschannel.ClientTlsChannel;
import tlschannel.NeedsReadException;
import tlschannel.NeedsWriteException;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/**
 * The client's end of a TLS connection, with the JDK's defaults: TLS 1.3 where the server
 * has it. It believes any certificate, since that is not what is measured. Unlike the
 * library's channel it transfers nothing where the socket would block.
 */
final class TlsStream implements ByteChannel {

	private static final SSLContext CONTEXT = context();

	private final ClientTlsChannel tls;

	private boolean behind;

	private TlsStream(SocketChannel channel) {
		SSLEngine engine = CONTEXT.createSSLEngine();
		engine.setUseClientMode(true);
		this.tls = ClientTlsChannel.newBuilder(channel, engine).build();
	}

	private static SSLContext context() {
		try {
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Performs the handshake.
	 * @param channel in blocking mode
	 */
	static TlsStream handshake(SocketChannel channel) throws IOException {
		TlsStream stream = new TlsStream(channel);
		stream.tls.handshake();
		return stream;
	}

	@Override
	public int read(ByteBuffer target) throws IOException {
		try {
			return this.tls.read(target);
		}
		catch (NeedsReadException ex) {
			return 0;
		}
	}

	@Override
	public int write(ByteBuffer source) throws IOException {
		int before = source.position();
		try {
			this.tls.write(source);
			this.behind = false;
		}
		catch (NeedsWriteException ex) {
			this.behind = true;
		}
		return source.position() - before;
	}

	/**
	 * Whether the socket had no room for all that was written. The next write goes on
	 * with it.
	 */
	boolean isBehind() {
		return this.behind;
	}

	@Override
	public boolean isOpen() {
		return this.tls.isOpen();
	}

	@Override
	public void close() throws IOException {
		this.tls.close();
	}

}
