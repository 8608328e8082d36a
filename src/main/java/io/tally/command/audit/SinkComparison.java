package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.Excerpt;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.audit.Difference.Kind;
import io.tally.command.frame.Progress;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SinkRows;
import io.tally.command.recount.WindowBorders;
import io.tally.engine.WindowResult;
import io.tally.pipeline.log.LogReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Compares a sink with the rows of a bucket. A record of the sink says which row it is; the row that is expected is
 * then encoded as the pipeline would, and must be the same in each byte.
 */
final class SinkComparison {
    private final AuditPlan plan;
    private final Pass pass;
    private final String topic;
    private final String source;
    private final ResultEncoder encoder;
    private final SinkRows rows;
    private final Differences differences;
    private long compared;
    private long notJudged;

    /** @param sink its place among the sinks, 0 for the first */
    SinkComparison(AuditPlan plan, Pass pass, int sink, Differences differences) {
        this.plan = plan;
        this.pass = pass;
        this.differences = differences;
        topic = plan.pipeline().topics().sinks().get(sink);
        source = plan.pipeline().topics().source();
        encoder = plan.spec().encoders().get(sink).get();
        rows = new SinkRows(encoder, plan.windowing());
    }

    /** The rows of closed windows that were looked for, of the sink and of the recount. */
    long compared() {
        return compared;
    }

    /** Rows in the sink whose windows had not closed when the audit began. */
    long notJudged() {
        return notJudged;
    }

    void compare(LogReader log, Progress progress) {
        pass.rows().forEach((end, row) -> row.seen = 0);
        int partitions = log.partitions(topic);
        for (int partition = 0; partition < partitions; partition++) {
            int here = partition;
            log.read(topic, partition, log.range(topic, partition), record -> {
                look(topic + "-" + here + "@" + record.offset(), record);
                progress.add(1);
                return true;
            });
        }
        pass.rows().forEach((end, row) -> {
            if (row.seen == 0 && plan.isClosed(end, row.partition)) {
                compared++;
                WindowResult result = result(end, row);
                requireReadable(result);
                add(Kind.MISSING_ROW, window(end), row.origin(source), row.copy(), encoder.encode(result), null);
            }
        });
    }

    private void look(String here, SourceRecord record) {
        if (RedriveMark.of(record) != null) {
            throw Auditable.redriven(plan.pipeline());
        }
        byte[] key = SinkRows.bytes(record.key());
        byte[] value = SinkRows.bytes(record.value());
        SinkRows.Row row = rows.row(key, value);
        if (row == null) {
            // Of no key, so it is looked at once.
            if (pass.bucket().number() == 0) {
                add(Kind.UNREADABLE_ROW, here, "", key, null, value);
            }
            return;
        }
        long end = row.end();
        if (!pass.bucket().holds(row.key(), 0, row.key().length)
                || !plan.holds(plan.windowing().windowStart(end), end)) {
            return;
        }
        ExpectedRow first = pass.rows().find(end, row.key(), 0, row.key().length);
        if (first == null) {
            if (plan.isClosedEverywhere(end)) {
                compared++;
                add(Kind.UNEXPECTED_ROW, window(end), here, key, null, value);
            } else {
                notJudged++;
            }
            return;
        }
        judge(here, end, first, key, value);
    }

    /**
     * A row of a window and key for which there is a record. With keys in several partitions there are several rows.
     */
    private void judge(String here, long end, ExpectedRow first, byte @Nullable [] key, byte @Nullable [] value) {
        ExpectedRow unseen = null;
        ExpectedRow same = null;
        ExpectedRow closed = null;
        for (ExpectedRow row = first; row != null; row = row.next) {
            if (plan.isClosed(end, row.partition)) {
                closed = row;
                boolean isSame = isSame(result(end, row), key, value);
                if (isSame && (same == null || same.seen > 0)) {
                    same = row;
                }
                if (row.seen == 0 && unseen == null) {
                    unseen = row;
                }
            }
        }
        if (closed == null) {
            notJudged++;
            return;
        }
        if (same != null && same.seen == 0) {
            same.seen++;
            compared++;
        } else if (same != null || unseen == null) {
            add(Kind.DOUBLE_ROW, window(end), here + ", from " + closed.origin(source), key, null, value);
        } else {
            unseen.seen++;
            compared++;
            byte[] expected = encoder.encode(result(end, unseen));
            add(Kind.WRONG_ROW, window(end), here + ", from " + unseen.origin(source), key, expected, value);
        }
    }

    private boolean isSame(WindowResult result, byte @Nullable [] key, byte @Nullable [] value) {
        requireReadable(result);
        return Arrays.equals(encoder.key(result), key) && Arrays.equals(encoder.encode(result), value);
    }

    private void requireReadable(WindowResult result) {
        if (!rows.readsBack(result)) {
            throw Auditable.of(plan.pipeline()).unreadable(topic);
        }
    }

    private WindowResult result(long end, ExpectedRow row) {
        return new WindowResult(
                plan.windowing().windowStart(end),
                end,
                row.copy(),
                plan.aggregates().results(row.accumulators));
    }

    private String window(long end) {
        return WindowBorders.text(plan.windowing(), end);
    }

    private void add(
            Kind kind,
            String where,
            String text,
            byte @Nullable [] key,
            byte @Nullable [] expected,
            byte @Nullable [] found) {
        String data = "key " + quoted(key)
                + (expected == null ? "" : ", expected " + quoted(expected))
                + (found == null ? "" : ", found " + quoted(found));
        differences.add(new Difference(kind, where, text, data));
    }

    private static String quoted(byte @Nullable [] bytes) {
        return bytes == null ? "null" : Excerpt.quote(bytes, 0, bytes.length, 200);
    }
}
