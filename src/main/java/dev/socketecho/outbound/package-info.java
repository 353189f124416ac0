/**
 * Echo clients and probes: what this service calls, and what it makes of the replies.
 */
@NullMarked
package dev.socketecho.outbound;

import org.jspecify.annotations.NullMarked;
