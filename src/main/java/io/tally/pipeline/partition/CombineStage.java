package io.tally.pipeline.partition;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.DecodingHistory;
import io.tally.codec.decode.RecordDecoder;
import io.tally.engine.EngineRestore;
import io.tally.engine.WindowEngine;
import io.tally.engine.partial.Combiner;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.ShuffleSide;
import io.tally.window.LateCheck;

/**
 * From records of the source to partial aggregates in the shuffle topic. What a batch brings for one key and slice
 * leaves as one partial. So a key that is in every record costs the merge little.
 *
 * <p>It keeps nothing but the watermark of its own partition. That decides what is late, as without a shuffle: only the
 * records before it in the partition matter. The merge goes by the minimum of these watermarks, so it finds nothing
 * late. The exceptions are sources that were idle, or that have grown.
 */
final class CombineStage implements Stage {
    private final PartitionMemory memory;
    /** Never folds, so that it only keeps the watermark. */
    private final WindowEngine watermark;

    private final RunningLedger counts;
    private final RecordDecoder decoder;
    private Event event;
    private final Combiner combiner;
    private final ShuffleSender sender;
    private final LateCheck late;
    private boolean idle;

    CombineStage(PartitionMemory memory, ShuffleSide side, RecordDecoder decoder) {
        this.memory = memory;
        watermark = memory.engine;
        counts = memory.counts;
        this.decoder = decoder;
        event = memory.spec.newEvent();
        combiner = memory.spec.newCombiner(memory.account);
        sender = new ShuffleSender(
                memory.spec.fingerprint().structure(),
                memory.spec.window().hasPartialsByWatermark(),
                memory.source.partition(),
                memory.source.partitions(),
                side.shufflePartitions());
        late = memory.spec.window().lateCheck();
    }

    @Override
    public boolean take(SourceRecord record) {
        idle = false;
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            counts.deadLettered++;
            memory.rows.outbox().deadLetter(record, decoder.requiredRejection());
            return true;
        }
        if (verdict == RecordDecoder.Verdict.SKIPPED) {
            counts.filtered++;
            return true;
        }
        // Nothing is open, so nothing needs room.
        watermark.advance(event.time(), memory.rows);
        if (verdict == RecordDecoder.Verdict.FILTERED) {
            counts.filtered++;
        } else if (late.isLate(event.time(), watermark.watermark())) {
            counts.late++;
            memory.rows.outbox().late(record, Lateness.of(event.time(), watermark));
        } else {
            fold(record);
        }
        return true;
    }

    private void fold(SourceRecord record) {
        if (memory.account.isLarge()) {
            // Partials may leave at any time; waiting for the end of the batch only makes them fewer.
            sender.sendPartials(combiner, memory.rows.outbox());
        }
        try {
            combiner.fold(event, watermark.watermark());
            counts.folded++;
            counts.missing += event.missingValues();
        } catch (AggregateFailedException e) {
            counts.deadLettered++;
            memory.rows.outbox().deadLetter(record, Rejection.of(e));
        }
    }

    /** Nothing is ever replayed, since nothing is kept: the recovery offset is the committed one. */
    @Override
    public void replay(SourceRecord record, EngineRestore restore) {
        throw new IllegalStateException(
                "a combine stage has nothing to replay, but got record " + record.offset() + " of " + memory.source);
    }

    @Override
    public void endBatch(long nextOffset) {
        sender.send(combiner, nextOffset, watermark.watermark(), idle, memory.rows.outbox());
    }

    @Override
    public DecodingHistory history() {
        return decoder;
    }

    @Override
    public void release() {
        decoder.release();
        event = memory.spec.newEvent();
    }

    @Override
    public boolean waitsForRecords() {
        return !idle;
    }

    @Override
    public void idle() {
        idle = true;
    }
}
