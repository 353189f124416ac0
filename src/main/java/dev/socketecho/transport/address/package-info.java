/**
 * Addresses: CIDR blocks, filters of sources, patterns of probe targets, and the syntax
 * of hosts. Every package may use it; it uses no other.
 */
@NullMarked
package dev.socketecho.transport.address;

import org.jspecify.annotations.NullMarked;
