package dev.socketecho.benchmark;

/**
 * What one round has measured of one server. A "message" is what the benchmark counts:
 * with churn it is a connection.
 *
 * @param perSecond echoed messages per second
 * @param p50Micros median time from a send to its echo, in us
 * @param p99Micros time from a send to its echo that 1 per cent exceed, in us
 * @param cost what the meter has gone up per message: most often the server's CPU time,
 * in us
 * @param wrong reads that differ from what was sent, in bytes or in order; datagrams that
 * were lost, too, and connections that failed
 */
record Figures(double perSecond, double p50Micros, double p99Micros, double cost, long wrong) {
}
