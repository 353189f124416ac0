package dev.socketecho.codec;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;

/**
 * A channel with the decoder under test and nothing else. Text stands for its ISO 8859-1
 * bytes.
 */
final class DecoderChannel implements AutoCloseable {

	/** Ends of frames, which are not to be found. */
	private static final byte[] AROUND = "\n\r\n\0\2\3<EOF>".getBytes(StandardCharsets.ISO_8859_1);

	private final EmbeddedChannel channel;

	private boolean direct;

	DecoderChannel(Framing framing, int maxMessageSize, boolean burst) {
		this(new FramingSpec(framing, (framing == Framing.DELIMITER) ? "<EOF>" : null, maxMessageSize, burst));
	}

	DecoderChannel(FramingSpec spec) {
		FrameDecoder decoder = Objects.requireNonNull(spec.newDecoder());
		this.channel = new EmbeddedChannel(new Front(decoder), decoder);
	}

	/**
	 * Creates a channel without leak detection, for tests with many segments: the leak
	 * detector records each access to a buffer and would take minutes.
	 */
	static DecoderChannel withoutLeakDetection(FramingSpec spec) {
		DecoderChannel decoder = new DecoderChannel(spec);
		decoder.channel.config().setAllocator(new UnpooledByteBufAllocator(false, true));
		return decoder;
	}

	/**
	 * Reads text as one segment.
	 */
	void read(String text) {
		read(text.getBytes(StandardCharsets.ISO_8859_1));
	}

	/**
	 * Reads bytes as one segment, in turn from a buffer on the heap and from one outside
	 * with other bytes around them: the two are searched by other means.
	 */
	void read(byte[] bytes) {
		this.direct = !this.direct;
		if (this.direct) {
			this.channel.writeInbound(this.channel.alloc()
				.directBuffer(AROUND.length + bytes.length)
				.writeBytes(AROUND)
				.skipBytes(AROUND.length)
				.writeBytes(bytes));
		}
		else {
			this.channel.writeInbound(Unpooled.wrappedBuffer(bytes));
		}
	}

	/**
	 * Reads a buffer as one segment; takes over the caller's reference.
	 */
	void read(ByteBuf bytes) {
		this.channel.writeInbound(bytes);
	}

	/**
	 * The peer closes its side.
	 */
	void endInput() {
		this.channel.pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
		this.channel.checkException();
	}

	/**
	 * The connection breaks.
	 */
	void breakOff() {
		this.channel.close();
		this.channel.checkException();
	}

	/**
	 * Takes what the decoder has passed on, as "count:text".
	 */
	List<String> taken() {
		return take().stream().map((frames) -> frames.count + ":" + frames.text()).toList();
	}

	/**
	 * Takes one object that the decoder has passed on, for the caller to release.
	 */
	ByteBuf takeContent() {
		return Objects.requireNonNull(this.channel.<Frames>readInbound()).content();
	}

	List<Taken> take() {
		List<Taken> taken = new ArrayList<>();
		for (Frames frames = this.channel.readInbound(); frames != null; frames = this.channel.readInbound()) {
			taken.add(new Taken(frames.count(), ByteBufUtil.getBytes(frames.content())));
			frames.release();
		}
		return taken;
	}

	@Override
	public void close() {
		take();
		this.channel.finishAndReleaseAll();
	}

	/**
	 * Takes complete frames past the decoder, as the first handler of a connection does.
	 */
	private static final class Front extends ChannelInboundHandlerAdapter {

		private final FrameDecoder decoder;

		Front(FrameDecoder decoder) {
			this.decoder = decoder;
		}

		@Override
		public void channelRead(ChannelHandlerContext ctx, Object message) {
			ByteBuf bytes = (ByteBuf) message;
			Frames frames = this.decoder.takeFrames(bytes);
			if (frames != null) {
				ctx.pipeline().lastContext().fireChannelRead(frames);
			}
			if (frames == null || frames.content() != bytes) {
				ctx.fireChannelRead(bytes);
			}
		}

	}

	record Taken(int count, byte[] bytes) {

		String text() {
			return new String(this.bytes, StandardCharsets.ISO_8859_1);
		}

	}

}
