package io.tally.codec;

import io.tally.codec.bytes.ByteRange;
import org.jspecify.annotations.Nullable;

/**
 * What the core may see of a source record. The edge implements it with one reusable view over its client's record
 * type, so neither side copies: an instance is valid only until the next record.
 */
public interface SourceRecord {
    /** Position in the source partition. */
    long offset();

    /** The number of its source partition. */
    default int partition() {
        return 0;
    }

    /** How many partitions the source has. */
    default int partitions() {
        return 1;
    }

    /** The record's timestamp in milliseconds since the epoch; -1 when the record has none. */
    long timestamp();

    /** Whether the broker set the timestamp, when it appended the record; else it is what the producer says. */
    default boolean hasAppendTime() {
        return false;
    }

    /** Who has set the {@link #timestamp}, as Kafka calls it in its headers of dead letters. */
    default String timestampType() {
        return "NoTimestampType";
    }

    /** Hands over the names and values of all headers, in their order. A value may be null. */
    default void headers(Headers receiver) {}

    /** The number of this event among those of its record, counted from 1; 0 if it is a whole record. */
    default int event() {
        return 0;
    }

    /** How many events its record holds; 0 if it is a whole record. */
    default int events() {
        return 0;
    }

    /** Takes the headers of a record, one after the other. */
    interface Headers {
        void header(String name, byte @Nullable [] value);
    }

    /** Valid, like the record itself, only until the next record. */
    @Nullable
    ByteRange key();

    /** Valid, like the record itself, only until the next record. */
    @Nullable
    ByteRange value();
}
