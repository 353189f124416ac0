/**
 * Addresses: CIDR blocks, filters of sources, patterns of targets, the syntax of hosts.
 * Everybody may use it; it uses nothing of the service.
 */
@NullMarked
package dev.socketecho.transport.address;

import org.jspecify.annotations.NullMarked;
