/**
 * Root package of the Socket Echo service.
 */
@NullMarked
package dev.socketecho;

import org.jspecify.annotations.NullMarked;
