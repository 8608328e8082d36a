package io.tally.command.audit;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SideView;
import io.tally.command.recount.WindowBorders;
import io.tally.window.Windowing;
import java.time.Instant;

/** Folds each event of a partition into each of its windows by itself, and notes what was not counted. */
final class Recount implements SecondReading.Receiver {
    private final AuditPlan plan;
    private final PartitionView view;
    private final Pass pass;
    private final PartitionTotals totals = new PartitionTotals();
    private final SecondReading reading;
    private final Windowing windowing;

    Recount(AuditPlan plan, PartitionView view, Pass pass) {
        this.plan = plan;
        this.view = view;
        this.pass = pass;
        windowing = plan.windowing();
        reading = new SecondReading(plan.spec(), plan.now().toEpochMilli(), this);
    }

    /** What the records were, once all are read. */
    PartitionTotals totals() {
        totals.further = reading.furtherEvents();
        totals.byClock = reading.byClock();
        return totals;
    }

    void take(SourceRecord record) {
        totals.records++;
        reading.take(record);
    }

    @Override
    public void rejected(SourceRecord record, Rejection rejection) {
        totals.unreadable++;
        deadLetter(record, rejection);
    }

    @Override
    public void skipped(SourceRecord record) {
        totals.filtered++;
    }

    @Override
    public void filtered(SourceRecord record, Event event) {
        totals.filtered++;
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

    @Override
    public void late(SourceRecord record, Event event, long watermark) {
        totals.late++;
        if (plan.holds(event.time()) && pass.bucket().holds(view.partition(), record.offset())) {
            long lastEnd = windowing.lastWindowEnd(windowing.sliceStart(event.time()));
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

    @Override
    public void counted(SourceRecord record, Event event, long watermark) {
        if (!pass.bucket().holds(event.keyBuffer(), event.keyStart(), event.keyLength())) {
            return;
        }
        try {
            WindowBorders.forEachEnd(windowing, event.time(), end -> {
                if (end > watermark && plan.holds(windowing.windowStart(end), end)) {
                    fold(record.offset(), event, end);
                }
            });
            totals.folded++;
            totals.missing += event.missingValues();
        } catch (AggregateFailedException e) {
            totals.refused++;
            deadLetter(record, Rejection.of(e));
        }
    }

    private void fold(long offset, Event event, long end) {
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
        reading.release();
    }
}
