/**
 * Framing: how a TCP byte stream is cut into messages. Netty's own frame decoders find
 * the frames; what is here decides how much of what one read delivered travels as one
 * message, and enforces the exact limit on a message's length.
 */
@NullMarked
package dev.socketecho.codec;

import org.jspecify.annotations.NullMarked;
