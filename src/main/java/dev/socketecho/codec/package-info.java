/**
 * Framing: {@code Framing} lists the framings, {@code FrameFormat} has one implementation
 * per layout of a frame, {@code FrameDecoder} cuts the input of a connection into
 * {@code Frames} and limits the length of a message, {@code MessageFramer} writes the
 * frames of a client. Netty's {@code ByteToMessageDecoder} keeps incomplete frames.
 */
@NullMarked
package dev.socketecho.codec;

import org.jspecify.annotations.NullMarked;
