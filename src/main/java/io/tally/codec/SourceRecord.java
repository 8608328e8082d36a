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

    /** The broker's record timestamp in milliseconds since the epoch; -1 when the record has none. */
    long timestamp();

    /** Valid, like the record itself, only until the next record. */
    @Nullable
    ByteRange key();

    /** Valid, like the record itself, only until the next record. */
    @Nullable
    ByteRange value();
}
