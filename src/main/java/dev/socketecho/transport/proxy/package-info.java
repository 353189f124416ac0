/**
 * The header of the PROXY protocol, in and out. Stands in front of a connection's
 * pipeline until the header has come, then gives way.
 */
@NullMarked
package dev.socketecho.transport.proxy;

import org.jspecify.annotations.NullMarked;
