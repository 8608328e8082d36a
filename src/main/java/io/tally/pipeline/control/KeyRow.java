package io.tally.pipeline.control;

import org.jspecify.annotations.Nullable;

/**
 * The row of one window of a key, as it stands after the last commit.
 *
 * @param start inclusive start of the window, milliseconds since the epoch; null for totals
 * @param end exclusive end; null for totals without a ttl
 * @param isClosed whether its row has left for good, and it is only kept for corrections
 * @param revision how many rows of it have left, where these are counted; else 0
 * @param row the row as the sink would have it if it left now
 */
public record KeyRow(@Nullable Long start, @Nullable Long end, boolean isClosed, long revision, String row) {}
