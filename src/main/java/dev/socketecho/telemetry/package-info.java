/**
 * What the lower half of the service reports: interfaces of recorders, the enums of close
 * reasons, drop reasons and errors, and the log that a peer cannot flood. Everybody may
 * use it; it uses nothing of the service. {@code metrics} implements the recorders.
 */
@NullMarked
package dev.socketecho.telemetry;

import org.jspecify.annotations.NullMarked;
