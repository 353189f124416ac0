/**
 * Probes: scheduled rounds of messages to echo servers, what they say of loss, time and
 * jitter, and {@code /probe}, which makes one on request. {@code config} makes them; HTTP
 * calls {@link dev.socketecho.probe.ProbeHandler}.
 */
@NullMarked
package dev.socketecho.probe;

import org.jspecify.annotations.NullMarked;
