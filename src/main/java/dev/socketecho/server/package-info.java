/**
 * Echo servers: one small Spring Integration flow each ({@code EchoServer}), their
 * registry ({@code EchoServers}), the answers of {@code mode: identify} and
 * {@code mode: stamp}, the log of payloads, and the shutdown.
 */
@NullMarked
package dev.socketecho.server;

import org.jspecify.annotations.NullMarked;
