/**
 * Probes: rounds of messages to echo servers, on a schedule ({@code EchoProbe}) or for
 * one request of {@code /probe} ({@code ProbeHandler}), which measure loss, round trips
 * and jitter. {@code TcpProber} and {@code UdpProber} send the messages.
 */
@NullMarked
package dev.socketecho.probe;

import org.jspecify.annotations.NullMarked;
