package dev.socketecho.tls;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/**
 * A TLS handler whose connections half-close like plain ones: after the peer's
 * {@code close_notify}, everything that it sent before is still answered.
 * <p>
 * TLS 1.3 works like that (RFC 8446, 6.1). In TLS 1.2 the engine answers a
 * {@code close_notify} at once and then encrypts nothing more (RFC 5246, 7.2.1). So this
 * handler reports the end of input before the engine sees the alert, and the last answers
 * are encrypted before the engine's own {@code close_notify}. With OpenSSL's engine, see
 * {@link OpenSslEngines}, it reports the end of input of TLS 1.3 too.
 */
class HalfClosingSslHandler extends SslHandler {

	private static final int ALERT = 21;

	private final SSLEngine tls;

	private final boolean openSsl;

	private boolean alerted;

	private @Nullable String plainAlert;

	HalfClosingSslHandler(SSLEngine engine) {
		super(engine);
		this.tls = engine;
		this.openSsl = OpenSslEngines.halfClose(engine);
		if (!this.openSsl) {
			setCumulator(HeapCumulator.INSTANCE);
		}
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws SSLException {
		if (this.openSsl && (this.tls.isOutboundDone() || OpenSslEngines.isInputEnded(this.tls))) {
			// What comes after the end is nobody's. With its output closed, OpenSSL's
			// engine
			// would take any record for the end of the input.
			in.skipBytes(in.readableBytes());
			return;
		}
		if (this.openSsl && isAlert(in) && !handshakeFuture().isSuccess()) {
			this.plainAlert = PlainAlert.name(in);
		}
		if (!this.alerted && isAlert(in) && handshakeFuture().isSuccess()) {
			this.alerted = true;
			ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
			if (!ctx.channel().isActive()) {
				in.skipBytes(in.readableBytes());
				return;
			}
		}
		super.decode(ctx, in, out);
		if (this.openSsl && !this.alerted && OpenSslEngines.isInputEnded(this.tls)) {
			this.alerted = true;
			throwError(ctx);
			ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		}
	}

	/**
	 * Adds the peer's alert to the cause of a failed handshake, if it came in plain text.
	 * Clients of OpenSSL reject a server's certificate like that in TLS 1.3, and
	 * BoringSSL takes the alert for a bad record.
	 * @param cause why the handshake has failed
	 * @return the cause, or an exception that has it as its cause
	 */
	Throwable explain(Throwable cause) {
		if (this.plainAlert == null) {
			return cause;
		}
		SSLHandshakeException explained = new SSLHandshakeException("Received fatal alert: " + this.plainAlert);
		explained.initCause(cause);
		return explained;
	}

	/**
	 * Throws the error that has ended the input, if there is one. OpenSSL's engine keeps
	 * it until it encrypts.
	 */
	private void throwError(ChannelHandlerContext ctx) throws SSLException {
		try {
			flush(ctx);
		}
		catch (SSLException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw new SSLException(ex);
		}
	}

	/**
	 * Whether the next record is an alert. In TLS 1.3 alerts are encrypted and look like
	 * other records.
	 */
	private static boolean isAlert(ByteBuf in) {
		return in.isReadable() && in.getUnsignedByte(in.readerIndex()) == ALERT;
	}

}
