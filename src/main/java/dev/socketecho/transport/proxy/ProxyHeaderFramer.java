package dev.socketecho.transport.proxy;

import java.nio.charset.StandardCharsets;
import java.util.List;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.haproxy.HAProxyProtocolException;
import org.jspecify.annotations.Nullable;

/**
 * The first handler of a connection with the PROXY protocol. Separates the header from
 * the bytes behind it, for Netty's decoder, which is next, and removes itself. Netty's
 * decoder could find the header's end itself, but it waits for the end of a line however
 * the connection begins, allows lines of more than 107 bytes, and reads the TLVs of
 * version 2, which nobody uses here.
 */
final class ProxyHeaderFramer extends ByteToMessageDecoder {

	/** With the line's end (PROXY protocol, 2.1). */
	private static final int V1_MAX_LENGTH = 107;

	private static final int V1_MIN_LENGTH = "PROXY UNKNOWN\r\n".length();

	private static final byte[] V1_PREFIX = "PROXY ".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] V2_PREFIX = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a };

	private static final int V2_FIXED_LENGTH = 16;

	private static final int V2_FAMILY = 13;

	private static final int V2_LENGTH = 14;

	private boolean touched;

	/**
	 * Whether the peer has sent anything.
	 */
	boolean isTouched() {
		return this.touched;
	}

	@Override
	protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
		if (!in.isReadable()) {
			return;
		}
		this.touched = true;
		boolean v2 = in.getByte(in.readerIndex()) == V2_PREFIX[0];
		requirePrefix(in, v2 ? V2_PREFIX : V1_PREFIX);
		ByteBuf header = v2 ? v2(ctx, in) : v1(in);
		if (header != null) {
			out.add(header);
			ctx.pipeline().remove(this);
		}
	}

	/**
	 * Rejects input that is no header at its first wrong byte.
	 */
	private static void requirePrefix(ByteBuf in, byte[] prefix) {
		int length = Math.min(prefix.length, in.readableBytes());
		for (int i = 0; i < length; i++) {
			if (in.getByte(in.readerIndex() + i) != prefix[i]) {
				throw malformed("no PROXY protocol header");
			}
		}
	}

	private static @Nullable ByteBuf v1(ByteBuf in) {
		int begin = in.readerIndex();
		int end = in.indexOf(begin, begin + Math.min(in.readableBytes(), V1_MAX_LENGTH), (byte) '\n');
		if (end < 0) {
			if (in.readableBytes() >= V1_MAX_LENGTH) {
				throw malformed("PROXY protocol header of more than " + V1_MAX_LENGTH + " bytes");
			}
			return null;
		}
		int length = end + 1 - begin;
		if (length < V1_MIN_LENGTH || in.getByte(end - 1) != '\r') {
			throw malformed("malformed PROXY protocol header");
		}
		return in.readRetainedSlice(length);
	}

	/**
	 * The header without its TLVs.
	 */
	private static @Nullable ByteBuf v2(ChannelHandlerContext ctx, ByteBuf in) {
		int begin = in.readerIndex();
		if (in.readableBytes() < V2_FIXED_LENGTH) {
			return null;
		}
		int length = in.getUnsignedShort(begin + V2_LENGTH);
		if (in.readableBytes() < V2_FIXED_LENGTH + length) {
			return null;
		}
		int addresses = Math.min(length, addressLength(in.getUnsignedByte(begin + V2_FAMILY) >> 4));
		ByteBuf header = ctx.alloc().buffer(V2_FIXED_LENGTH + addresses);
		header.writeBytes(in, begin, V2_FIXED_LENGTH + addresses).setShort(V2_LENGTH, addresses);
		in.skipBytes(V2_FIXED_LENGTH + length);
		return header;
	}

	/**
	 * Two addresses and two ports, or two paths of sockets (PROXY protocol, 2.2).
	 */
	private static int addressLength(int family) {
		return switch (family) {
			case 1 -> 12;
			case 2 -> 36;
			case 3 -> 216;
			default -> 0;
		};
	}

	private static HAProxyProtocolException malformed(String message) {
		return new HAProxyProtocolException(message);
	}

}
