package io.tally.codec.time;

/** Which of two instants a local time means, if clocks show it twice because they went back. */
public enum AmbiguousTime {
    /** The one nearer to the greatest event time that the partition has seen; the earlier one if it has seen none. */
    IN_ORDER,
    /** The first, before clocks went back. */
    EARLIER,
    /** The second, after clocks went back. */
    LATER
}
