package dev.socketecho.transport.udp.socket;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The layout of Linux's {@code struct cmsghdr}, for {@link PacketInfo},
 * {@link ArrivalInfo} and {@link MessageVector}: the length of the message with its
 * header, the level, the type, then the data.
 */
final class ControlMessages {

	static final int LEVEL = 8;

	static final int TYPE = 12;

	static final int DATA = 16;

	private ControlMessages() {
	}

	/**
	 * Writes the header of a control message.
	 * @param controls the memory
	 * @param at where the message starts, in bytes
	 * @param length its length with the header, in bytes
	 */
	static void header(MemorySegment controls, long at, int length, int level, int type) {
		controls.set(ValueLayout.JAVA_LONG, at, length);
		controls.set(ValueLayout.JAVA_INT, at + LEVEL, level);
		controls.set(ValueLayout.JAVA_INT, at + TYPE, type);
	}

	/**
	 * Returns where the next control message may start.
	 * @param length the length of those before, in bytes
	 */
	static int aligned(int length) {
		return (length + 7) & ~7;
	}

}
