package io.tally.window;

/**
 * An interval of event time.
 *
 * @param start inclusive, milliseconds since the epoch
 * @param end exclusive, milliseconds since the epoch
 */
public record TimeWindow(long start, long end) {}
