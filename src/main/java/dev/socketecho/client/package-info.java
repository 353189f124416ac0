/**
 * Echo clients: they send messages over TCP or UDP and match the replies.
 * {@code EchoClients} holds the configured ones; {@code ClientFlow} registers their
 * flows. Probes make clients of their own, without a flow.
 */
@NullMarked
package dev.socketecho.client;

import org.jspecify.annotations.NullMarked;
