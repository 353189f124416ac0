package dev.socketecho.server;

import dev.socketecho.stamp.StampReflector;
import dev.socketecho.stamp.StampSessions;
import org.jspecify.annotations.Nullable;

/**
 * What a UDP server with {@code mode: stamp} has besides its sockets.
 *
 * @param reflector makes the answers
 * @param sessions counts the packets of each session, {@code null} if the server is
 * stateless
 */
public record ReflectorSettings(StampReflector reflector, @Nullable StampSessions sessions) {
}
