package io.tally.pipeline.partition;

import io.tally.codec.Framing;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.DecodingHistory;
import io.tally.codec.decode.RecordDecoder;
import io.tally.engine.EngineRestore;
import io.tally.pipeline.ShuffleSide;

/**
 * What a pipeline, or one of the two stages of a shuffle, does with the records of one partition. What it folds goes
 * into the engine of the partition's {@link PartitionMemory}, what it counts into the totals there.
 */
interface Stage {
    /** The stage that the partition's place in a shuffle asks for. */
    static Stage of(PartitionMemory memory) {
        if (memory.sources != null) {
            return new MergeStage(memory, memory.sources);
        }
        ShuffleSide shuffle = memory.source.shuffle();
        RecordDecoder decoder = memory.spec.decoders().get();
        Framing framing = decoder.framing();
        Stage decoding =
                shuffle == null ? new DirectStage(memory, decoder) : new CombineStage(memory, shuffle, decoder);
        return framing == null ? decoding : new SplitStage(decoding, framing, memory);
    }

    /**
     * Classifies one record and folds it. Each record ends in exactly one class of the ledger.
     *
     * @return false if rows must leave before that and there is no room for all; the record is not taken then
     */
    boolean take(SourceRecord record);

    /** How many events a record may hold at most. */
    default int eventsPerRecord() {
        return 1;
    }

    /** Folds a record again whose outputs are committed; sends nothing and counts nothing. */
    void replay(SourceRecord record, EngineRestore restore);

    /** A restore has ended: finds out whether rows have yet to leave because of what came before it. */
    default void restored() {}

    /** The records before {@code nextOffset} were processed: sends what goes out by the batch. */
    default void endBatch(long nextOffset) {}

    /**
     * Lets go of the last record, whose array may be all that the client fetched with it. What shows one record after
     * the other is made anew here, once per batch. That spares the garbage collector work: G1 takes note of each
     * reference that is stored in an old object, with a memory fence, but not of one in a young object.
     */
    default void release() {}

    /** What its decoder's answers depend on beside the record. */
    default DecodingHistory history() {
        return DecodingHistory.NONE;
    }

    /** Whether it would make a difference that the partition is idle. */
    boolean waitsForRecords();

    /** The partition is idle. */
    void idle();
}
