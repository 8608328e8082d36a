package io.tally.codec.decode;

import org.jspecify.annotations.Nullable;

/**
 * What the answers of a decoder depend on beside the record: the event times before it, the last header before it, and
 * how far a clock lets event times lie ahead. A replay sets all of them to what they were at the first reading. By
 * default the answers depend on none.
 */
public interface DecodingHistory {
    /** Stands for no bound by a clock. */
    long BY_ITSELF = Long.MIN_VALUE;

    /** For whatever decodes nothing, or decodes each record by itself. */
    DecodingHistory NONE = new DecodingHistory() {};

    /**
     * The greatest event time of all records so far that were not rejected; {@link Long#MIN_VALUE} if there was none.
     * The next answer depends on its record and this. Null if it depends on its record alone.
     */
    default @Nullable Long latestTime() {
        return null;
    }

    /** Goes on as if {@link #latestTime} were this. Called before the first record, or to decode a record once more. */
    default void resumeAfter(long latestTime) {}

    /**
     * What the last header so far says, as it is committed: printable ASCII without blanks. Null if the answers do not
     * depend on headers.
     */
    default @Nullable String header() {
        return null;
    }

    /**
     * Goes on as if {@link #header} were this. Called before the first record.
     *
     * @param header null if none is committed
     * @throws IllegalArgumentException if it is no such text
     */
    default void resumeUnder(@Nullable String header) {}

    /** How far event times may lie ahead of a clock, in milliseconds; negative if this does not look at clocks. */
    default long maxAhead() {
        return -1;
    }

    /**
     * From now on the greatest event time that is believed of records without a broker's time; {@link #BY_ITSELF} for
     * one that goes by each record's own timestamp.
     */
    default void believeUpTo(long latest) {}

    /** The last offset of a record that was decided otherwise than by its own timestamp; -1 if there is none. */
    default long lastByClock() {
        return -1;
    }
}
