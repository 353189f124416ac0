/**
 * What the lower half of the service reports: interfaces of recorders, the enums of close
 * reasons, drop reasons and errors, and a log that a peer cannot flood. Every package may
 * use it; it uses no other. {@code metrics} implements the recorders.
 */
@NullMarked
package dev.socketecho.telemetry;

import org.jspecify.annotations.NullMarked;
