package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.Excerpt;
import io.tally.command.audit.Difference.Kind;
import io.tally.command.frame.Progress;
import io.tally.command.recount.RowIds;
import io.tally.command.recount.SinkRows;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says what is wrong with rows of a sink that the second reading did not give, and with rows that it gave and that are
 * not there.
 */
final class Leftovers {
    private final Sinks sinks;
    private final AuditPlan plan;
    private final int sink;
    private final String topic;
    private final SinkIndex index;
    private final Differences differences;
    private final Map<Long, Deque<MissingRow>> missing = new HashMap<>();
    /** Where rows are taken in turn: the keys with a row that differs. The rows behind it are not known. */
    private final Set<Long> differing = new HashSet<>();
    /** The next row of the index that was not taken. */
    private int next;

    /** Rows in the sink of windows that had not closed when the audit began. */
    long notJudged;
    /** Rows in the sink of which it is not known what they should be. */
    long undecided;

    long compared;

    /** @param sink its place among the sinks, 0 for the first */
    Leftovers(Sinks sinks, int sink, Differences differences) {
        this.sinks = sinks;
        this.sink = sink;
        this.differences = differences;
        plan = sinks.plan();
        topic = plan.pipeline().topics().sinks().get(sink);
        index = sinks.index(sink);
        sinks.missing().stream().filter(row -> row.sink() == sink).forEach(row -> {
            RowIds.Row id = sinks.ids(sink).of(row.key(), row.value());
            if (id != null && sinks.undecided().holds(id)) {
                undecided++;
            } else {
                missing.computeIfAbsent(row.id(), any -> new ArrayDeque<>()).add(row);
            }
        });
    }

    /** Reads the sink once more, if anything is left of it. */
    void compare(LogReader log, Progress progress) {
        if (sink == 0) {
            sinks.undecided().undoubted().forEach(differences::add);
        }
        next = index.nextLeft(0);
        List<OffsetRange> ranges = sinks.ranges(sink);
        for (int partition = 0; partition < ranges.size() && next < index.size(); partition++) {
            int here = partition;
            if (SinkIndex.partition(index.place(next)) == partition) {
                OffsetRange range = ranges.get(partition);
                OffsetRange rest = new OffsetRange(SinkIndex.offset(index.place(next)), range.to());
                log.read(topic, partition, rest, record -> {
                    progress.add(1);
                    if (index.place(next) == SinkIndex.place(here, record.offset())) {
                        look(record, index.place(next));
                        next = index.nextLeft(next + 1);
                    }
                    return next < index.size() && SinkIndex.partition(index.place(next)) == here;
                });
            }
        }
        sinks.last(sink).forEachUnknown(entry -> unknown(entry, log));
        missing.forEach((id, rows) -> rows.forEach(row -> {
            if (differing.contains(id)) {
                undecided++;
                return;
            }
            compared++;
            differences.add(
                    new Difference(Kind.MISSING_ROW, row.window(), row.origin(), data(row.key(), row.value(), null)));
        }));
    }

    /** Rows of a window and key of which the source has no record. */
    private void unknown(LastRows.Entry entry, LogReader log) {
        long offset = SinkIndex.offset(entry.place);
        log.read(topic, SinkIndex.partition(entry.place), new OffsetRange(offset, offset + 1), record -> {
            byte[] key = SinkRows.bytes(record.key());
            byte[] value = SinkRows.bytes(record.value());
            RowIds.Row id = sinks.ids(sink).of(key, value);
            if (id != null && sinks.undecided().holds(id)) {
                undecided += entry.rows;
            } else if (id != null && plan.isJudged(sink, entry.place, id)) {
                compared += entry.rows;
                differences.add(new Difference(
                        Kind.UNEXPECTED_ROW, plan.window(id), place(topic, entry.place), data(key, null, value)));
            } else {
                notJudged += entry.rows;
            }
            return true;
        });
    }

    private void look(SourceRecord record, long place) {
        byte[] key = SinkRows.bytes(record.key());
        byte[] value = SinkRows.bytes(record.value());
        RowIds.Row id = sinks.ids(sink).of(key, value);
        if (id == null || value == null) {
            return;
        }
        String here = place(topic, place);
        long same = index.taken(index.hash(next));
        Deque<MissingRow> others = missing.get(id.hash());
        if (index.isInTurn() && !plan.isJudged(sink, place, id)) {
            notJudged++;
            if (plan.isCompacted()) {
                // Because of this row, compaction may have removed what is missing.
                missing.remove(id.hash());
            }
            return;
        }
        if (sinks.undecided().holds(id) || differing.contains(id.hash())) {
            undecided++;
            return;
        }
        if (index.isInTurn()) {
            differing.add(id.hash());
        }
        compared++;
        if (same != SinkIndex.NOWHERE) {
            differences.add(new Difference(
                    Kind.DOUBLE_ROW,
                    plan.window(id),
                    here + ", the same as " + place(topic, same),
                    data(key, null, value)));
        } else if (others != null && !others.isEmpty()) {
            MissingRow row = others.remove();
            differences.add(new Difference(
                    Kind.WRONG_ROW, row.window(), here + ", from " + row.origin(), data(key, row.value(), value)));
        } else if (plan.isJudged(sink, place, id)) {
            differences.add(new Difference(Kind.UNEXPECTED_ROW, plan.window(id), here, data(key, null, value)));
        } else {
            compared--;
            notJudged++;
        }
    }

    static String place(String topic, long place) {
        return topic + "-" + SinkIndex.partition(place) + "@" + SinkIndex.offset(place);
    }

    /** Key and rows, for people who may see them. */
    static String data(byte @Nullable [] key, byte @Nullable [] expected, byte @Nullable [] found) {
        return "key " + quoted(key)
                + (expected == null ? "" : ", expected " + quoted(expected))
                + (found == null ? "" : ", found " + quoted(found));
    }

    private static String quoted(byte @Nullable [] bytes) {
        return bytes == null ? "null" : Excerpt.quote(bytes, 0, bytes.length, 200);
    }
}
