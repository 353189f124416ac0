/**
 * Echo clients: what this service calls, and what it makes of the replies.
 */
@NullMarked
package dev.socketecho.client;

import org.jspecify.annotations.NullMarked;
