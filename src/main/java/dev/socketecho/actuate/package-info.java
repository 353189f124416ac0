/**
 * What operators see over HTTP: health and endpoints.
 */
@NullMarked
package dev.socketecho.actuate;

import org.jspecify.annotations.NullMarked;
