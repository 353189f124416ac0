/**
 * TLS on Netty: contexts that can be replaced while connections live, and a handler whose
 * connections half-close like plain ones. Knows nothing of properties or Spring's SSL
 * bundles: it takes the key and trust managers of the JDK.
 */
@NullMarked
package dev.socketecho.tls;

import org.jspecify.annotations.NullMarked;
