package dev.socketecho.server;

/**
 * How much a server logs of the messages that it receives.
 *
 * @param limit how many bytes of a message at most
 * @param rate how many messages a second at most, 1 or more
 */
public record PayloadLogSettings(int limit, int rate) {
}
