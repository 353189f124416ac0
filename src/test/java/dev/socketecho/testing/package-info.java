/**
 * Support for the tests of all packages.
 */
@NullMarked
package dev.socketecho.testing;

import org.jspecify.annotations.NullMarked;
