package io.tally.command.audit;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.command.audit.Committed.PartitionView;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SecondReading;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideView;
import io.tally.window.Windowing;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Passes on the events of a partition to be counted, and notes what is not counted. */
final class Recount implements SecondReading.Receiver {
    private final AuditPlan plan;
    private final PartitionView view;
    private final Pass pass;
    private final RowCount rows;
    private final PartitionTotals totals = new PartitionTotals();
    private final SecondReading reading;
    /** Null where the other events of a key decide what is late. */
    private final @Nullable Windowing windowing;

    Recount(AuditPlan plan, PartitionView view, Pass pass, RowCount rows) {
        this.plan = plan;
        this.view = view;
        this.pass = pass;
        this.rows = rows;
        windowing = plan.windowing();
        reading = new SecondReading(
                plan.spec(),
                plan.now().toEpochMilli(),
                this,
                record -> plan.redrives().isRedrivenDeadLetter(view.partition(), record),
                (record, highest) -> plan.silences().before(view.partition(), record, highest));
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
        if (isAsked(record, plan.isDeadByKey())) {
            deadLetter(record, rejection);
        }
    }

    @Override
    public void skipped(SourceRecord record) {
        totals.filtered++;
    }

    @Override
    public void filtered(SourceRecord record, Event event) {
        totals.filtered++;
    }

    /**
     * Whether to note a record now that does not depend on its key. If the side topic is compared bucket by bucket, the
     * bucket of its coordinates notes it; if at the end, the first bucket does.
     */
    private boolean isAsked(SourceRecord record, boolean isComparedAtTheEnd) {
        return isComparedAtTheEnd ? pass.isFirst() : pass.bucket().holds(view.partition(), record.offset());
    }

    private void deadLetter(SourceRecord record, Rejection rejection) {
        pass.deadLetters()
                .add(
                        coordinates(record),
                        record.key(),
                        record.value(),
                        rejection.reason().name());
    }

    private Coordinates coordinates(SourceRecord record) {
        return new Coordinates(view.partition(), record.offset(), record.event());
    }

    @Override
    public void late(SourceRecord record, Event event, long watermark) {
        totals.late++;
        noteSilence();
        if (windowing != null && plan.holds(event.time()) && isAsked(record, false)) {
            long end = windowing.lastWindowEnd(windowing.sliceStart(event.time()));
            addLate(record, event, windowing.windowStart(end), end, watermark);
        }
        redriven(record, event);
    }

    @Override
    public void refusedBefore(SourceRecord record, Event event) {
        totals.unreadable++;
        totals.redrivenDeadLetters++;
        if (isAsked(record, plan.isDeadByKey())) {
            pass.deadLetters().add(coordinates(record), record.key(), record.value(), null);
        }
        redriven(record, event);
    }

    private void noteSilence() {
        totals.lateByIdleness += reading.isRaised() ? 1 : 0;
    }

    private void redriven(SourceRecord record, Event event) {
        Position position = plan.redrives().redriven(view.partition(), record);
        if (position != null && pass.bucket().holds(event.keyBuffer(), event.keyStart(), event.keyLength())) {
            rows.redriven(event, position);
        }
    }

    private void addLate(SourceRecord record, Event event, long start, long end, long watermark) {
        pass.late()
                .add(
                        coordinates(record),
                        record.key(),
                        record.value(),
                        SideView.meaning(text(event.time()), text(start), text(end), text(watermark)));
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
            if (rows.count(event, new RowCount.Place(view.partition(), record.offset(), watermark))) {
                totals.folded++;
                totals.missing += event.missingValues();
            } else {
                totals.lateByKey++;
                noteSilence();
                long start = plan.isTotal() ? 0 : event.time();
                addLate(record, event, start, event.time() + plan.gap(), watermark);
            }
        } catch (AggregateFailedException e) {
            totals.refused++;
            deadLetter(record, Rejection.of(e));
        }
    }

    /** Lets go of the last record. */
    void release() {
        reading.release();
    }
}
