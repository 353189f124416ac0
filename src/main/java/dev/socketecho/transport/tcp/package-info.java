/**
 * TCP connections behind the types of Spring Integration: connection factories, the
 * connection and its pipeline, admission, limits, back-pressure and the orderly end.
 * Called by {@code server} and {@code client}, and by the event loops. The way of a
 * message is in {@code dev.socketecho.transport}.
 */
@NullMarked
package dev.socketecho.transport.tcp;

import org.jspecify.annotations.NullMarked;
