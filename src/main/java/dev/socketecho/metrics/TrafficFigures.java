package dev.socketecho.metrics;

import java.util.Map;

/**
 * What a recorder has counted so far, for readers other than a meter registry. The counts
 * of errors and refusals are those of the registry's counters.
 *
 * @param receivedBytes bytes that were read
 * @param receivedMessages messages that were received
 * @param sentBytes bytes that were handed to the sockets
 * @param sentMessages messages that were handed to the sockets
 * @param refused connections that were rejected or datagrams that were dropped, by
 * reason; only reasons that have occurred
 * @param errors errors by class; only those that have occurred
 */
public record TrafficFigures(long receivedBytes, long receivedMessages, long sentBytes, long sentMessages,
		Map<String, Long> refused, Map<String, Long> errors) {
}
