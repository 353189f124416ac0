/**
 * Tests of the Helm chart, its dashboard and its alert rules.
 */
package dev.socketecho.helm;
