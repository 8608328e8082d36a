package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.command.audit.Committed.PartitionView;
import io.tally.command.audit.Difference.Kind;
import io.tally.command.frame.Progress;
import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SideView;
import io.tally.command.recount.WholeTopic;
import io.tally.pipeline.log.LogReader;
import java.time.DateTimeException;
import java.time.Instant;

/** Compares a side topic with what should be in it, record by record. */
final class SideComparison {
    /** What is compared, and how its differences are called. */
    enum Side {
        LATE(Kind.MISSING_LATE, Kind.DOUBLE_LATE, Kind.WRONG_LATE, Kind.UNEXPECTED_LATE),
        DEAD_LETTER(
                Kind.MISSING_DEAD_LETTER, Kind.DOUBLE_DEAD_LETTER, Kind.WRONG_DEAD_LETTER, Kind.UNEXPECTED_DEAD_LETTER);

        private final Kind missing;
        private final Kind twice;
        private final Kind wrong;
        private final Kind unexpected;

        Side(Kind missing, Kind twice, Kind wrong, Kind unexpected) {
            this.missing = missing;
            this.twice = twice;
            this.wrong = wrong;
            this.unexpected = unexpected;
        }
    }

    private final AuditPlan plan;
    private final Bucket bucket;
    private final Side side;
    private final SideTable expected;
    private final String topic;
    private final Differences differences;

    SideComparison(AuditPlan plan, Bucket bucket, Side side, SideTable expected, Differences differences) {
        this.plan = plan;
        this.bucket = bucket;
        this.side = side;
        this.expected = expected;
        this.differences = differences;
        topic = side == Side.LATE
                ? plan.pipeline().topics().late()
                : plan.pipeline().topics().deadLetter();
    }

    /** Returns how many records were compared. */
    long compare(LogReader log, Progress progress) {
        long[] compared = {0};
        WholeTopic.read(
                log,
                topic,
                log.partitions(topic),
                log::range,
                progress,
                (partition, record) -> compared[0] += look(partition, record) ? 1 : 0);
        expected.forEach((at, entry) -> {
            if (entry.seen == 0) {
                add(side.missing, source(at), "is not in " + topic);
            }
        });
        return compared[0];
    }

    private boolean look(int partition, SourceRecord record) {
        SideView view = new SideView(record);
        Coordinates at = view.coordinatesIn(plan.pipeline());
        // Records that redrive has put at the end again are there already.
        if (at == null || view.isRequeued() || !isAsked(at, view)) {
            return false;
        }
        String here = topic + "-" + partition + "@" + record.offset();
        SideTable.Entry entry = expected.find(at);
        if (entry == null) {
            add(side.unexpected, source(at), "is in " + here + ", and should not be");
            return true;
        }
        if (entry.seen++ > 0) {
            add(side.twice, source(at), "is once more in " + here);
            return true;
        }
        String meaning = side == Side.LATE ? view.lateness() : view.reason();
        if ((!view.isKeyCut() && entry.key != SideTable.hash(record.key()))
                || (!view.isValueCut() && entry.value != SideTable.hash(record.value()))) {
            add(side.wrong, source(at), "has another key or value in " + here);
        } else if (entry.meaning != SideTable.ANY && entry.meaning != SideTable.hash(meaning)) {
            add(side.wrong, source(at), "is in " + here + " with another reason: " + meaning);
        }
        return true;
    }

    /** Whether a side record is of this bucket, and of a record that was read. */
    private boolean isAsked(Coordinates at, SideView view) {
        PartitionView read = plan.partitions().get(at.partition());
        return read != null
                && at.offset() >= read.range().from()
                && at.offset() < read.range().to()
                && bucket.holds(at.partition(), at.offset())
                && (side == Side.DEAD_LETTER || !plan.isLimited() || isInRange(view));
    }

    private boolean isInRange(SideView view) {
        try {
            return plan.holds(Instant.parse(view.eventTime()).toEpochMilli());
        } catch (DateTimeException | ArithmeticException e) {
            // Then it is wrong, and compared.
            return true;
        }
    }

    private String source(Coordinates at) {
        return at.in(plan.pipeline().topics().source());
    }

    private void add(Kind kind, String where, String text) {
        differences.add(new Difference(kind, where, text, null));
    }
}
