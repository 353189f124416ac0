package dev.socketecho.transport.websocket;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * In what pieces frames are sent. What they mean does not depend on it.
 */
enum Sending {

	/** All in one piece. */
	AT_ONCE {

		@Override
		void send(Frame[] frames, Consumer<byte[]> sender) {
			sender.accept(Frame.all(frames));
		}

	},

	/** A piece for each frame. */
	BY_FRAME {

		@Override
		void send(Frame[] frames, Consumer<byte[]> sender) {
			Stream.of(frames).map(Frame::bytes).forEach(sender);
		}

	},

	/** A piece for each byte. */
	BY_BYTE {

		@Override
		void send(Frame[] frames, Consumer<byte[]> sender) {
			inPieces(Frame.all(frames), 1, sender);
		}

	};

	abstract void send(Frame[] frames, Consumer<byte[]> sender);

	static void inPieces(byte[] bytes, int size, Consumer<byte[]> sender) {
		for (int from = 0; from < bytes.length; from += size) {
			sender.accept(Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + size)));
		}
	}

}
