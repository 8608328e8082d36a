package io.tally.page;

import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.RowSample;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What has come out of a pipeline: some of its latest rows, the keys with the largest results, and what was not
 * counted. Fed by the lanes, read by one thread.
 */
final class Outcomes {
    /** How many rows are kept. */
    static final int ROWS = 100;
    /** How many rows are taken at once, and how many a second in the long run. */
    static final int BURST = 20;

    static final int PER_SECOND = 5;

    /**
     * A row as the page shows it.
     *
     * @param time when it was committed, milliseconds since the epoch
     */
    record Row(long time, String key, String value) {}

    /**
     * Records that were not counted, of one reason, since the process began.
     *
     * @param time when the last of them was committed, milliseconds since the epoch
     * @param position topic-partition@offset of one of them
     * @param sample what that one holds; null if it is hidden
     */
    record Lost(
            String reason,
            String remedy,
            long count,
            long time,
            String position,
            LostRecords.@Nullable Sample sample) {}

    /**
     * What there is to see; names of the components are JSON.
     *
     * @param rows newest first
     * @param rankedBy the result by which keys are the largest; null if none is a number
     * @param top the keys with the largest results among the rows of the minute up to the newest row
     */
    record View(List<Row> rows, @Nullable String rankedBy, List<TopKeys.Top> top, List<Lost> lost) {}

    private final Deque<Row> rows = new ArrayDeque<>();
    private final List<Row> fresh = new ArrayList<>();
    private final TopKeys top = new TopKeys();
    private final Map<String, Lost> lost = new LinkedHashMap<>();
    private @Nullable String rankedBy;
    private double room = BURST;
    private long filledAt = Long.MIN_VALUE;
    private boolean changed;

    /** @param now milliseconds since the epoch */
    synchronized void rows(long now, RowSample sample) {
        fill(now);
        for (RowSample.Row row : sample.any()) {
            if (room < 1) {
                break;
            }
            room--;
            fresh.add(0, new Row(now, row.keyText(), row.valueText()));
        }
        if (sample.rankedBy() != null) {
            rankedBy = sample.rankedBy();
        }
        top.add(now, sample.largest());
        changed = true;
    }

    private void fill(long now) {
        if (filledAt != Long.MIN_VALUE) {
            room = Math.min(BURST, room + Math.max(0, now - filledAt) / 1000.0 * PER_SECOND);
        }
        filledAt = now;
    }

    /** @param now milliseconds since the epoch */
    synchronized void lost(long now, LostRecords records) {
        Lost before = lost.get(records.reason());
        lost.put(
                records.reason(),
                new Lost(
                        records.reason(),
                        records.remedy(),
                        records.count() + (before == null ? 0 : before.count()),
                        now,
                        records.position(),
                        records.sample()));
        changed = true;
    }

    /** What is new since the last call, with those rows alone; null if nothing is. */
    synchronized @Nullable View changes() {
        if (!changed) {
            return null;
        }
        changed = false;
        List<Row> taken = List.copyOf(fresh);
        for (int i = taken.size() - 1; i >= 0; i--) {
            rows.addFirst(taken.get(i));
        }
        while (rows.size() > ROWS) {
            rows.removeLast();
        }
        fresh.clear();
        return view(taken);
    }

    /** All that is kept, as of the last {@link #changes}. */
    synchronized View all() {
        return view(List.copyOf(rows));
    }

    private View view(List<Row> shown) {
        return new View(shown, rankedBy, top.largest(), List.copyOf(lost.values()));
    }
}
