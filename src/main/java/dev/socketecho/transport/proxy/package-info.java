/**
 * The header of the PROXY protocol. Server connections begin with three handlers that
 * wait for it (the framer, Netty's decoder, and {@code ProxyHeaderHandler}) and are
 * removed when it has arrived. Client connections send it first. Used by
 * {@code transport.tcp} and the configuration.
 */
@NullMarked
package dev.socketecho.transport.proxy;

import org.jspecify.annotations.NullMarked;
