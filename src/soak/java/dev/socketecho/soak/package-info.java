/**
 * The soak: the packaged service in a process of its own, with little memory, honest
 * clients and hostile ones. {@code ./mvnw -Psoak verify -DskipTests}.
 */
@NullMarked
package dev.socketecho.soak;

import org.jspecify.annotations.NullMarked;
