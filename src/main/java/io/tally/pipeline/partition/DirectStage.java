package io.tally.pipeline.partition;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.DecodingHistory;
import io.tally.codec.decode.RecordDecoder;
import io.tally.engine.EngineRestore;
import io.tally.engine.WindowEngine;
import io.tally.heap.EntryLimitExceededException;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.Lateness;
import org.jspecify.annotations.Nullable;

/** The whole way from a record of the source to the rows of the sink. */
final class DirectStage implements Stage {
    private final PartitionMemory memory;
    private final WindowEngine engine;
    private final RowSender rows;
    private final RunningLedger counts;
    private final RecordDecoder decoder;
    /** Whether what a record says depends on those before it. */
    private final boolean byOrder;

    /** Null if nobody watches where keys lie. */
    private final @Nullable KeyPlaces places;

    private int seen;
    private Event event;

    DirectStage(PartitionMemory memory, RecordDecoder decoder) {
        this.memory = memory;
        engine = memory.engine;
        rows = memory.rows;
        counts = memory.counts;
        this.decoder = decoder;
        byOrder = decoder.latestTime() != null;
        KeyPlaces watch = memory.spec.places();
        places = watch.watches(memory.source) ? watch : null;
        event = memory.spec.newEvent();
    }

    @Override
    public boolean take(SourceRecord record) {
        Long before = byOrder ? decoder.latestTime() : null;
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            counts.deadLettered++;
            rows.outbox().deadLetter(record, decoder.requiredRejection());
            return true;
        }
        if (verdict == RecordDecoder.Verdict.SKIPPED) {
            counts.filtered++;
            return true;
        }
        if (!engine.advance(event.time(), rows)) {
            if (before != null) {
                decoder.resumeAfter(before);
            }
            return false;
        }
        if (verdict == RecordDecoder.Verdict.FILTERED) {
            counts.filtered++;
            return true;
        }
        if (places != null) {
            watch(record, places);
        }
        try {
            if (fold(record.offset())) {
                counts.folded++;
                counts.missing += event.missingValues();
            } else {
                counts.late++;
                rows.outbox().late(record, Lateness.of(event.time(), engine));
            }
        } catch (AggregateFailedException e) {
            counts.deadLettered++;
            rows.outbox().deadLetter(record, Rejection.of(e));
        }
        return true;
    }

    private void watch(SourceRecord record, KeyPlaces watch) {
        watch.requireNoProof(memory.source);
        if (seen < KeyPlaces.FIRST_RECORDS || (record.offset() & (KeyPlaces.SAMPLE - 1)) == 0) {
            seen = Math.min(seen + 1, KeyPlaces.FIRST_RECORDS);
            watch.see(record, event, memory.source);
            watch.requireNoProof(memory.source);
        }
    }

    private boolean fold(long offset) {
        try {
            return engine.fold(event, offset, rows);
        } catch (EntryLimitExceededException e) {
            throw memory.tooManyEntries(offset, e);
        }
    }

    @Override
    public void replay(SourceRecord record, EngineRestore restore) {
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (verdict == RecordDecoder.Verdict.ACCEPTED || verdict == RecordDecoder.Verdict.FILTERED) {
            restore.advance(event.time());
        }
        if (verdict != RecordDecoder.Verdict.ACCEPTED) {
            return;
        }
        try {
            restore.replay(event, record.offset());
        } catch (AggregateFailedException e) {
            // It was refused the first time, too, and has been a dead letter since.
        }
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
        return engine.openWindows() > 0;
    }

    @Override
    public void idle() {
        engine.closeAll(rows);
    }
}
