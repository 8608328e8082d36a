package io.tally.command.audit;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Framing;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.decode.RecordParts;
import io.tally.command.audit.SideTable.Coordinates;
import io.tally.window.Windowing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The second reading of a partition. It takes the pipeline's decoder, window borders and functions, and nothing else of
 * it: no slices, no state, no closing of windows. Each event is folded into each of its windows by itself. What is late
 * follows from the highest event time before it alone.
 */
final class Recount {
    private static final long NONE = Long.MIN_VALUE;

    private final AuditPlan plan;
    private final PartitionView view;
    private final Pass pass;
    private final PartitionTotals totals = new PartitionTotals();
    private final RecordDecoder decoder;
    /** Null if a record is one event. */
    private final @Nullable RecordParts parts;

    private final Windowing windowing;
    private final long grace;
    private Event event;
    private long highest = NONE;

    Recount(AuditPlan plan, PartitionView view, Pass pass) {
        this.plan = plan;
        this.view = view;
        this.pass = pass;
        decoder = plan.spec().decoders().get();
        Framing framing = decoder.framing();
        parts = framing == null ? null : new RecordParts(framing);
        windowing = plan.windowing();
        grace = plan.spec().window().grace().toMillis();
        event = plan.spec().newEvent();
        decoder.resumeAfter(NONE);
        decoder.resumeUnder(null);
        if (decoder.maxAhead() >= 0) {
            decoder.believeUpTo(plan.now().toEpochMilli() + decoder.maxAhead());
        }
    }

    PartitionTotals totals() {
        return totals;
    }

    void take(SourceRecord record) {
        totals.records++;
        if (parts == null) {
            classify(record);
            return;
        }
        int events = parts.of(record);
        if (events == RecordParts.REJECTED) {
            unreadable(record, parts.rejection());
        } else if (events == 0) {
            totals.filtered++;
        } else {
            for (int number = 0; number < events; number++) {
                classify(parts.part(record, number));
            }
            totals.further += events - 1;
        }
    }

    private void classify(SourceRecord record) {
        RecordDecoder.Verdict verdict = decoder.decode(record, event);
        if (decoder.lastByClock() == record.offset()) {
            totals.byClock++;
        }
        if (verdict == RecordDecoder.Verdict.REJECTED) {
            unreadable(record, decoder.requiredRejection());
            return;
        }
        if (verdict == RecordDecoder.Verdict.SKIPPED) {
            totals.filtered++;
            return;
        }
        highest = Math.max(highest, event.time());
        if (verdict == RecordDecoder.Verdict.FILTERED) {
            totals.filtered++;
            return;
        }
        long watermark = highest - grace;
        long lastEnd = windowing.lastWindowEnd(windowing.sliceStart(event.time()));
        if (lastEnd <= watermark) {
            late(record, lastEnd, watermark);
        } else if (pass.bucket().holds(event.keyBuffer(), event.keyStart(), event.keyLength())) {
            count(record, lastEnd, watermark);
        }
    }

    private void unreadable(SourceRecord record, Rejection rejection) {
        totals.unreadable++;
        deadLetter(record, rejection);
    }

    private void deadLetter(SourceRecord record, Rejection rejection) {
        if (pass.bucket().holds(view.partition(), record.offset())) {
            pass.deadLetters()
                    .add(
                            coordinates(record),
                            record.key(),
                            record.value(),
                            rejection.reason().name());
        }
    }

    private Coordinates coordinates(SourceRecord record) {
        return new Coordinates(view.partition(), record.offset(), record.event());
    }

    private void late(SourceRecord record, long lastEnd, long watermark) {
        totals.late++;
        if (plan.holds(event.time()) && pass.bucket().holds(view.partition(), record.offset())) {
            pass.late()
                    .add(
                            coordinates(record),
                            record.key(),
                            record.value(),
                            SideView.meaning(
                                    text(event.time()),
                                    text(windowing.windowStart(lastEnd)),
                                    text(lastEnd),
                                    text(watermark)));
        }
    }

    private static String text(long time) {
        return Instant.ofEpochMilli(time).toString();
    }

    private void count(SourceRecord record, long lastEnd, long watermark) {
        try {
            // All windows that contain the event: their ends follow one another from the first one on.
            long end = windowing.nextWindowEnd(event.time());
            while (true) {
                if (end > watermark && plan.holds(windowing.windowStart(end), end)) {
                    fold(record.offset(), end);
                }
                if (end >= lastEnd) {
                    break;
                }
                end = windowing.nextWindowEnd(end);
            }
            totals.folded++;
            totals.missing += event.missingValues();
        } catch (AggregateFailedException e) {
            totals.refused++;
            deadLetter(record, Rejection.of(e));
        }
    }

    private void fold(long offset, long end) {
        int partition = plan.closingPartition(view.partition(), event);
        ExpectedRow row = pass.rows().find(end, event.keyBuffer(), event.keyStart(), event.keyLength(), partition);
        if (plan.aggregates().mayRefuse()) {
            if (row == null) {
                plan.aggregates().prepareNew(event);
            } else {
                plan.aggregates().prepare(row.accumulators, event);
            }
        }
        if (row == null) {
            row = pass.rows().add(end, event.keyBuffer(), event.keyStart(), event.keyLength(), partition);
        }
        pass.account().take(plan.aggregates().add(row.accumulators, event));
        row.counted(view.partition(), offset);
    }

    /** Lets go of the last record. */
    void release() {
        decoder.release();
        if (parts != null) {
            parts.release();
        }
        event = plan.spec().newEvent();
    }
}
