/**
 * The packets of STAMP, the Simple Two-Way Active Measurement Protocol (RFC 8762), with
 * its extensions (RFC 8972), in both directions. {@link dev.socketecho.stamp.StampSender}
 * makes what a Session-Sender sends, {@link dev.socketecho.stamp.StampReply} is what it
 * reads; the package {@code probe} uses both, and
 * {@link dev.socketecho.stamp.StampPacket} for echo servers.
 * {@link dev.socketecho.stamp.StampReflector} makes the answers of a Session-Reflector;
 * the servers with {@code mode: stamp} in the package {@code server} use it. This package
 * opens no socket and uses no other package of the service.
 */
@NullMarked
package dev.socketecho.stamp;

import org.jspecify.annotations.NullMarked;
