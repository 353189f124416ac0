/**
 * A benchmark of the service beside other echo servers: {@code ./mvnw -Pbenchmark verify
 * -DskipTests}. No test; it only lives among them so that it is not packaged.
 */
@NullMarked
package dev.socketecho.benchmark;

import org.jspecify.annotations.NullMarked;
