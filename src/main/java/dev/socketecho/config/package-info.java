/**
 * Spring's configuration classes, and what creates servers, clients and probes from
 * properties. May use every package; only {@code config.diagnostics} uses it.
 */
@NullMarked
package dev.socketecho.config;

import org.jspecify.annotations.NullMarked;
