/**
 * Netty behind Spring Integration's types: connection factories whose sockets cost what
 * sockets cost, connections, limits, back-pressure and orderly ends. Knows nothing of
 * properties, meters or HTTP: it takes plain values and a recorder.
 */
@NullMarked
package dev.socketecho.transport;

import org.jspecify.annotations.NullMarked;
