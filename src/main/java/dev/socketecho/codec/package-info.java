/**
 * Framing: what frames look like, both ways ({@code FrameFormat}, one class per kind,
 * listed in {@code Framing}), how a TCP byte stream is cut into messages, how much of
 * what one read delivered travels as one message, and the exact limit on a message's
 * length. Netty's {@code ByteToMessageDecoder} keeps what is incomplete.
 */
@NullMarked
package dev.socketecho.codec;

import org.jspecify.annotations.NullMarked;
