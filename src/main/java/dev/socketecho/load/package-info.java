/**
 * Load runs against the target of a configured client, with latency percentiles.
 * {@code LoadEndpoint} starts, follows and stops them by way of {@code LoadRuns}. A run
 * has event loops and connections of its own. On each event loop, {@code LoadPacer} says
 * when messages are due if there is a rate, a {@code LoadConnection} sends them and
 * compares the replies, {@code DueMessages} settles each message once, and
 * {@code LoadFigures} counts.
 */
@NullMarked
package dev.socketecho.load;

import org.jspecify.annotations.NullMarked;
