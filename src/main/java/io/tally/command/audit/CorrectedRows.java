package io.tally.command.audit;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.audit.Difference.Kind;
import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.RowIds;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideIndex.Side;
import io.tally.engine.WindowResult;
import io.tally.heap.HeapAccount;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Rows that redrive has corrected. Each of them says up to where a side partition was re-driven then. So it must be
 * made of two kinds of events, in the order of the source: those that the pipeline has counted in the window, and those
 * that the corrected rows of the window and key cover.
 */
final class CorrectedRows {
    /** A corrected row in a sink. */
    @SuppressWarnings("ArrayRecordComponent") // handed over once, never compared
    private record Correction(String where, RedriveMark mark, long hash, byte[] value) {}

    /** The rows of a window and key. */
    private static final class Corrected {
        private final long end;
        private final byte[] key;
        /** The corrections in each sink. */
        private final List<List<Correction>> corrections = new ArrayList<>();
        /** One for each correction in the first sink, as it should be. */
        private final List<RowFold> versions = new ArrayList<>();
        /** How far the side partitions were re-driven with each of them. */
        private final List<Map<Side, Long>> reached = new ArrayList<>();
        /** How many rows the pipeline has sent. */
        private long sent;

        private long records;
        private boolean isIncomplete;

        Corrected(long end, byte[] key, int sinks) {
            this.end = end;
            this.key = key;
            for (int sink = 0; sink < sinks; sink++) {
                corrections.add(new ArrayList<>());
            }
        }
    }

    /** About what a row takes of the heap. */
    private static final long HEAP_BYTES = 600;

    private final AuditPlan plan;
    private final HeapAccount account;
    private final Differences differences;
    private final List<ResultEncoder> encoders;
    private final Map<Long, Corrected> rows = new LinkedHashMap<>();

    CorrectedRows(AuditPlan plan, List<ResultEncoder> encoders, HeapAccount account, Differences differences) {
        this.plan = plan;
        this.encoders = encoders;
        this.account = account;
        this.differences = differences;
    }

    /** A sink has a corrected row. */
    void add(int sink, RowIds.Row row, String where, RedriveMark mark, byte @Nullable [] key, byte[] value) {
        if (row.end() == null) {
            throw new IllegalStateException("redrive has corrected a row without a window at " + where);
        }
        Corrected corrected = row(row.end(), row.key());
        account.take(HEAP_BYTES + value.length);
        corrected.corrections.get(sink).add(new Correction(where, mark, Sinks.hash(key, value), value));
        if (sink == 0) {
            Map<Side, Long> before =
                    corrected.reached.isEmpty() ? Map.of() : corrected.reached.get(corrected.reached.size() - 1);
            Map<Side, Long> reached = new HashMap<>(before);
            reached.merge(mark.side(), mark.next(), Math::max);
            corrected.reached.add(reached);
            corrected.versions.add(plan.rows().row());
            account.take(plan.rows().rowBytes());
        }
    }

    private Corrected row(long end, byte[] key) {
        return rows.computeIfAbsent(
                new RowIds.Row(null, end, key).hash(), id -> new Corrected(end, key, encoders.size()));
    }

    private @Nullable Corrected find(CountedRow row, long end) {
        return plan.redrives().isEmpty() ? null : rows.get(new RowIds.Row(null, end, row.copy()).hash());
    }

    /** The pipeline has counted an event in a row, corrected or not. */
    void counted(CountedRow row, long end, Event event) {
        Corrected corrected = find(row, end);
        if (corrected != null) {
            corrected.records++;
            corrected.versions.forEach(version -> add(version, event));
        }
    }

    private void add(RowFold version, Event event) {
        version.prepare(event);
        account.take(version.add(event));
    }

    /** Redrive has brought an event into a row. */
    void redriven(byte[] key, long end, Event event, Position position) {
        Corrected corrected = row(end, key);
        corrected.records++;
        boolean isIn = false;
        for (int i = 0; i < corrected.versions.size(); i++) {
            isIn = position.offset() < corrected.reached.get(i).getOrDefault(position.side(), 0L);
            if (isIn) {
                try {
                    add(corrected.versions.get(i), event);
                } catch (AggregateFailedException e) {
                    // The row will not be the one in the sink.
                    isIn = false;
                }
            }
        }
        corrected.isIncomplete |= !isIn;
    }

    /** The pipeline has sent so many rows of a window and key. */
    void sent(CountedRow row, long end) {
        Corrected corrected = find(row, end);
        if (corrected != null) {
            corrected.sent = plan.spec().window().hasRevisions() ? row.revision : 1;
        }
    }

    /** All events were counted: compares each row with the sinks; gives how many were compared. */
    long compare() {
        long compared = 0;
        for (Corrected row : rows.values()) {
            for (int sink = 0; sink < encoders.size(); sink++) {
                compared += row.corrections.get(sink).size();
                compare(row, sink);
            }
        }
        return compared;
    }

    private void compare(Corrected row, int sink) {
        List<Correction> found = row.corrections.get(sink);
        String window = plan.window(result(row, 0, plan.rows().row()));
        if (row.isIncomplete || found.size() < row.versions.size()) {
            differences.add(new Difference(
                    Kind.MISSING_ROW,
                    window,
                    "redrive has passed a record of it, and it is not corrected by that in "
                            + plan.pipeline().topics().sinks().get(sink),
                    Leftovers.data(row.key, null, null)));
        }
        for (int i = 0; i < found.size(); i++) {
            Correction correction = found.get(i);
            long number = row.sent + i + 1;
            if (i >= row.versions.size()) {
                differences.add(new Difference(
                        Kind.UNEXPECTED_ROW,
                        window,
                        correction.where(),
                        Leftovers.data(row.key, null, correction.value())));
                continue;
            }
            WindowResult expected = result(row, number, row.versions.get(i));
            byte[] value = encoders.get(sink).encode(expected);
            if (correction.mark().revision() != number
                    || Sinks.hash(encoders.get(sink).key(expected), value) != correction.hash()) {
                differences.add(new Difference(
                        Kind.WRONG_ROW,
                        window,
                        correction.where() + ", corrected by redrive up to "
                                + correction.mark().upTo() + ", from " + row.records + " events",
                        Leftovers.data(row.key, value, correction.value())));
            }
        }
    }

    private WindowResult result(Corrected row, long number, RowFold version) {
        return new WindowResult(
                plan.start(row.end),
                row.end,
                row.key,
                version.results(),
                plan.spec().window().hasRevisions() ? number : 0,
                true);
    }
}
