package dev.socketecho.client;

import java.time.Duration;

/**
 * A reply.
 *
 * @param message the message that came back, without terminator or header: the same as
 * was sent
 * @param roundTrip the time from when the request was handed to the socket until its
 * reply was complete
 */
public record EchoReply(byte[] message, Duration roundTrip) {
}
