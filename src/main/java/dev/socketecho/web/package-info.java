/**
 * The status page: static files, and a stream of what the page shows. HTTP calls it; it
 * calls the reports of {@code actuate}. The recorders of {@code metrics} tell it of
 * failures, and probes of their rounds, so that there is a history when somebody begins
 * to watch. No byte of an echo passes here.
 */
@NullMarked
package dev.socketecho.web;

import org.jspecify.annotations.NullMarked;
