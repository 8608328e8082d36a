package io.tally.codec;

import io.tally.codec.bytes.ByteRange;

/** Finds the needed fields of a value. One implementation for each {@link SourceFormat}. */
public interface FieldReader {
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
     * Resets {@code fields} and sets those that the value has.
     *
     * @param value the record's value, not empty
     * @throws RejectedException if the value does not have the declared form
     */
    void read(ByteRange value, Fields fields);
}
