/**
 * The header of the PROXY protocol. Server connections wait for it with two handlers that
 * are removed when it has come; client connections send it first. Used by
 * {@code transport.tcp}.
 */
@NullMarked
package dev.socketecho.transport.proxy;

import org.jspecify.annotations.NullMarked;
