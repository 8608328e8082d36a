package io.tally.pipeline;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.RecordDecoder;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowOutput;
import io.tally.heap.EntryLimitExceededException;
import org.jspecify.annotations.Nullable;

/** The whole way from a record of the source to the rows of the sink. */
final class DirectStage implements Stage {
    private final PartitionMemory memory;
    private final WindowEngine engine;
    private final Totals totals;
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
        totals = memory.totals;
        this.decoder = decoder;
        byOrder = decoder.latestTime() != null;
        KeyPlaces watch = memory.spec.places();
        places = watch.watches(memory.source) ? watch : null;
        event = memory.spec.newEvent();
    }

    @Override
    public boolean process(SourceRecord record, Outbox outbox) {
        Long before = byOrder ? decoder.latestTime() : null;
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            totals.deadLettered++;
            outbox.deadLetter(record, decoder.requiredRejection());
            return true;
        }
        if (verdict == RecordDecoder.Verdict.SKIPPED) {
            totals.filtered++;
            return true;
        }
        RowSender rows = memory.rows.to(outbox);
        if (!engine.advance(event.time(), rows)) {
            if (before != null) {
                decoder.resumeAfter(before);
            }
            return false;
        }
        if (verdict == RecordDecoder.Verdict.FILTERED) {
            totals.filtered++;
            return true;
        }
        if (places != null) {
            watch(record, places);
        }
        try {
            if (fold(record.offset(), rows)) {
                totals.folded++;
                totals.missing += event.missingValues();
            } else {
                totals.late++;
                outbox.late(record, Lateness.of(event.time(), engine));
            }
        } catch (AggregateFailedException e) {
            totals.deadLettered++;
            outbox.deadLetter(record, Rejection.of(e));
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

    private boolean fold(long offset, RowSender rows) {
        try {
            return engine.fold(event, offset, rows);
        } catch (EntryLimitExceededException e) {
            throw memory.tooManyEntries(offset, e);
        }
    }

    @Override
    public void replay(SourceRecord record) {
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        boolean hasTime = verdict == RecordDecoder.Verdict.ACCEPTED || verdict == RecordDecoder.Verdict.FILTERED;
        if (hasTime && engine.writesCuts()) {
            engine.advance(event.time(), WindowOutput.NONE);
        }
        if (verdict != RecordDecoder.Verdict.ACCEPTED) {
            return;
        }
        try {
            engine.replay(event, record.offset());
        } catch (AggregateFailedException e) {
            // It was refused the first time, too, and has been a dead letter since.
        }
    }

    @Override
    public @Nullable Long latestTime() {
        return decoder.latestTime();
    }

    @Override
    public void resumeAfter(long latestTime) {
        decoder.resumeAfter(latestTime);
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
    public void idle(Outbox outbox) {
        engine.closeAll(memory.rows.to(outbox));
    }
}
