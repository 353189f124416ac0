package dev.socketecho.tls;

import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslHandler;

import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * A TLS handler whose connections half-close like plain ones: what the peer sent before
 * its {@code close_notify} can still be answered after it.
 * <p>
 * In TLS 1.3 that is the protocol (RFC 8446, 6.1). Before, the engine answers a
 * {@code close_notify} at once and encrypts nothing any more (RFC 5246, 7.2.1). So here
 * the end of input is reported before the engine sees the alert; the flow's last answers
 * are then encrypted ahead of the engine's own {@code close_notify}.
 */
class HalfClosingSslHandler extends SslHandler {

	private static final int ALERT = 21;

	private boolean alerted;

	HalfClosingSslHandler(SSLEngine engine) {
		super(engine);
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws SSLException {
		if (!this.alerted && isAlert(in) && handshakeFuture().isSuccess()) {
			this.alerted = true;
			ctx.fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
			if (!ctx.channel().isActive()) {
				in.skipBytes(in.readableBytes());
				return;
			}
		}
		super.decode(ctx, in, out);
	}

	/**
	 * In TLS 1.3 an alert does not show among the other records.
	 */
	private static boolean isAlert(ByteBuf in) {
		return in.isReadable() && in.getUnsignedByte(in.readerIndex()) == ALERT;
	}

}
