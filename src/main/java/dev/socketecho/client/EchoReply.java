package dev.socketecho.client;

import java.time.Duration;

/**
 * A reply of an echo server.
 *
 * @param message the message that came back, without terminator or header; it equals the
 * message that was sent
 * @param roundTrip the time from giving the request to the socket until the reply was
 * complete
 */
public record EchoReply(byte[] message, Duration roundTrip) {
}
