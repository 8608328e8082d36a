package io.tally.pipeline.log;

/**
 * Offsets of a partition.
 *
 * @param from the first, at least 0
 * @param to the one after the last, at least {@code from}
 */
public record OffsetRange(long from, long to) {
    public OffsetRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("offsets " + from + " to " + to + " are no range");
        }
    }

    /** Number of offsets. There may be fewer records, since markers and aborted records have offsets, too. */
    public long length() {
        return to - from;
    }

    /** The part of it that lies in the other range. If there is none, an empty range where it begins. */
    public OffsetRange within(OffsetRange other) {
        long first = Math.min(Math.max(from, other.from), Math.max(to, other.from));
        return new OffsetRange(first, Math.max(first, Math.min(to, other.to)));
    }
}
