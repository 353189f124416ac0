/**
 * TLS on Netty: contexts that can be reloaded while connections are open, and handlers
 * whose connections half-close like plain ones. Takes the JDK's key and trust managers;
 * knows nothing of properties or Spring's SSL bundles. {@code transport.tcp} uses the
 * handlers; {@code config} creates and reloads the contexts.
 */
@NullMarked
package dev.socketecho.tls;

import org.jspecify.annotations.NullMarked;
