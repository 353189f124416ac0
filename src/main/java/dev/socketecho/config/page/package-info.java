/**
 * The status page's wiring: what it hears of, what it shows, and which endpoints it may
 * use. The configuration of servers, clients and probes takes its recorders from here.
 */
@NullMarked
package dev.socketecho.config.page;

import org.jspecify.annotations.NullMarked;
