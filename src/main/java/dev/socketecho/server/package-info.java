/**
 * Echo servers: one small Spring Integration flow each, and what a server does with a
 * message.
 */
@NullMarked
package dev.socketecho.server;

import org.jspecify.annotations.NullMarked;
