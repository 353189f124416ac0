package dev.socketecho.tls;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.ByteToMessageDecoder.Cumulator;

/**
 * Gathers the input of a TLS handler on the heap. Where AES-GCM finds that a record was
 * changed, JDK 25 zeroes memory from the beginning of a direct {@code ByteBuffer} on
 * instead of from its position. Netty's buffers share large pieces of memory, so that
 * would destroy what other connections have there. Each TLS handler of this process needs
 * it: those of the echo servers and clients, and those of HTTP.
 * <p>
 * The memory is not pooled: pools on the heap would take 4 MB for each event loop, for
 * buffers that seldom outlive a read.
 * <p>
 * Has no state. Called on the connection's event loop.
 */
public final class HeapCumulator implements Cumulator {

	/**
	 * The one instance.
	 */
	public static final HeapCumulator INSTANCE = new HeapCumulator();

	private HeapCumulator() {
	}

	@Override
	public ByteBuf cumulate(ByteBufAllocator alloc, ByteBuf cumulation, ByteBuf in) {
		try {
			ByteBuf heap = cumulation;
			if (!cumulation.isReadable() || !cumulation.hasArray() || !cumulation.isWritable(in.readableBytes())) {
				int length = cumulation.readableBytes() + in.readableBytes();
				heap = Unpooled.buffer(alloc.calculateNewCapacity(length, Integer.MAX_VALUE)).writeBytes(cumulation);
				cumulation.release();
			}
			return heap.writeBytes(in);
		}
		finally {
			in.release();
		}
	}

}
