package dev.socketecho.stamp;

/**
 * What the answer to one packet says about its session.
 *
 * @param sequence the sequence number of the answer
 * @param received how many packets were received, this one included, modulo 2^32
 * @param sent how many answers were sent, this one included, modulo 2^32
 */
public record StampCounts(int sequence, int received, int sent) {
}
