/**
 * WebSocket (RFC 6455) on a TCP connection, with the compression of RFC 7692. The
 * handlers stand in the pipeline of {@code transport.tcp} where a frame decoder stands
 * for the other framings: behind {@code InboundGate}, before the faults for messages.
 * {@code ConnectionHandler} adds them, by a {@link WebSocketSession} for each connection;
 * {@code ClientConnector} shakes hands by {@link WebSocketClientOpening} first. The parts
 * of the protocol are Netty's: its frames, its UTF-8 check, its aggregator, its deflate
 * handlers and its handshakes.
 */
@NullMarked
package dev.socketecho.transport.websocket;

import org.jspecify.annotations.NullMarked;
