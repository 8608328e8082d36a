package io.tally.pipeline;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition's outputs go: the current transaction, which also takes the offset that they belong to. Nothing is
 * visible before that transaction commits. The receiver owns the byte arrays.
 */
public interface Outbox {
    /**
     * A row for one of the sinks.
     *
     * @param sink the sink's place, 0 for the first
     */
    void result(int sink, byte[] key, byte[] value);

    /**
     * Whether the transaction has room for another row of a closing window, or another tombstone. Once it has none, it
     * never has again.
     *
     * @param besides how many tombstones will come besides
     */
    default boolean hasRoom(int besides) {
        return true;
    }

    /** Whether some of the rows are kept for people who look at them; the same for every call. */
    default boolean takesSamples() {
        return false;
    }

    /** A record for a partition of the shuffle topic, without a key. */
    void shuffle(int partition, byte[] value);

    /** A record for the late topic. */
    void late(SourceRecord record, Lateness lateness);

    /**
     * A partial aggregate for the late topic, in the form of a row.
     *
     * @param record the shuffle record that brought it
     */
    void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness);

    /** A record for the dead-letter topic. */
    void deadLetter(SourceRecord record, Rejection rejection);

    /** A record for the state partition; a null value deletes the key. */
    void state(byte[] key, byte @Nullable [] value);
}
