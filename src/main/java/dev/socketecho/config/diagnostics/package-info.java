/**
 * What is said when the service cannot start: property, value, origin and reason instead
 * of a stack trace. Spring Boot calls the analyzers by {@code META-INF/spring.factories}.
 */
@NullMarked
package dev.socketecho.config.diagnostics;

import org.jspecify.annotations.NullMarked;
