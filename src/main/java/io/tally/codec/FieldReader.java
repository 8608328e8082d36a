package io.tally.codec;

import io.tally.codec.bytes.ByteRange;
import org.jspecify.annotations.Nullable;

/** Finds the needed fields of a value. One implementation for each {@link SourceFormat}. */
public interface FieldReader {
    /** What is to be read in place of a record's value. Asked before anything of it is looked at. */
    default ByteRange payload(ByteRange value) {
        return value;
    }

    /**
     * Whether the value is no event, but a comment, say. Asked before the value is read.
     *
     * @param value the record's value, not empty
     * @throws RejectedException if it is none for a reason that somebody should see
     */
    default boolean skips(ByteRange value) {
        return false;
    }

    /**
     * Takes note of all headers in a value of several lines that is to hold one event.
     *
     * @return whether none of its lines is an event; else the value is refused
     */
    default boolean skipsLines(ByteRange value) {
        return false;
    }

    /**
     * Resets {@code fields} and sets those that the value has.
     *
     * @param value the record's value, not empty
     * @throws RejectedException if the value does not have the declared form
     */
    void read(ByteRange value, Fields fields);

    /** What the last header that was read says, as it is committed; null if the format has no headers. */
    default @Nullable String header() {
        return null;
    }

    /** Goes on as if {@link #header} were this; null if none is known. */
    default void resumeUnder(@Nullable String header) {}
}
