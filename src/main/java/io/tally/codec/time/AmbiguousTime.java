package io.tally.codec.time;

/** Which of its two instants a local time means that clocks show twice, because they went back. */
public enum AmbiguousTime {
    /** The one that is nearer to the greatest event time that the partition has seen; the earlier before the first. */
    IN_ORDER,
    /** The first, before clocks went back. */
    EARLIER,
    /** The second, after clocks went back. */
    LATER
}
