package io.tally.pipeline;

import io.tally.codec.RecordDecoder;
import io.tally.codec.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline, or one of the two stages of a shuffle, does with the records of one partition. What it folds goes
 * into the engine of the partition's {@link PartitionMemory}, what it counts into the totals there.
 */
interface Stage {
    /**
     * Classifies one record and folds it. Each record ends in exactly one class of the ledger.
     *
     * @return false if rows must leave before that and there is no room for all; the record is not taken then
     */
    boolean process(SourceRecord record, Outbox outbox);

    /** Folds a record again whose outputs are committed; sends nothing and counts nothing. */
    void replay(SourceRecord record);

    /** A restore has ended: finds out whether rows have yet to leave because of what came before it. */
    default void restored() {}

    /** The records before {@code nextOffset} were processed: sends what goes out by the batch. */
    default void endBatch(long nextOffset, Outbox outbox) {}

    /**
     * Lets go of the last record: its array may be all that the client fetched with it. Whatever shows one record after
     * the other is made anew here, once per batch, for the sake of the garbage collector: G1 takes note of a reference
     * that is stored in an old object, with a memory fence each time, but not of one in a young object.
     */
    default void release() {}

    /** As {@link RecordDecoder#latestTime}. */
    default @Nullable Long latestTime() {
        return null;
    }

    /** As {@link RecordDecoder#resumeAfter}. */
    default void resumeAfter(long latestTime) {}

    /** Whether it would make a difference that the partition is idle. */
    boolean waitsForRecords();

    /** The partition is idle. */
    void idle(Outbox outbox);
}
