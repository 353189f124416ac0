/**
 * What the service prints when it cannot start: property, value, origin and reason
 * instead of a stack trace. Spring Boot finds the analyzers by
 * {@code META-INF/spring.factories}.
 */
@NullMarked
package dev.socketecho.config.diagnostics;

import org.jspecify.annotations.NullMarked;
