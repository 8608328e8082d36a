package io.tally.engine.slice;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.engine.EngineView;
import io.tally.engine.HandFedEngine;
import io.tally.engine.row.Aggregates;
import io.tally.window.Cumulative;
import io.tally.window.Hopping;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With what a merger keeps from window to window, it gives the same rows in the same order as merging all slices anew.
 * That holds however many records come for slices that were merged before, with new keys and with known ones.
 */
class WindowMergerTest {
    private final Aggregates aggregates = HandFedEngine.aggregates();

    @ParameterizedTest
    @CsvSource({"1,1", "6,4", "8,1", "64,1", "100,3", "97,5", "1000,7"})
    void slidingIsAsGoodAsMergingAnew(long size, long advance) {
        isAsGoodAsMergingAnew(new Hopping(size, advance, 0));
        isAsGoodAsMergingAnew(new Hopping(size, advance, 2));
    }

    @ParameterizedTest
    @CsvSource({"1,1", "6,2", "8,1", "64,1", "99,3", "128,1", "1000,10"})
    void growingIsAsGoodAsMergingAnew(long size, long advance) {
        isAsGoodAsMergingAnew(new Cumulative(size, advance, 0));
        isAsGoodAsMergingAnew(new Cumulative(size, advance, 2));
    }

    private void isAsGoodAsMergingAnew(Windowing windows) {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            OpenSlices open = new OpenSlices(windows, aggregates, 0, Long.MAX_VALUE);
            WindowMerger merger = WindowMerger.of(windows, aggregates);
            long end = windows.nextWindowEnd(-windows.windowStart(0) - 200L * random.nextInt(3));
            long closed = Long.MIN_VALUE;
            int busy = 1 + random.nextInt(12);
            for (int window = 0; window < 200; window++) {
                for (int i = random.nextInt(busy); i > 0; i--) {
                    add(open, merger, time(windows, closed, end, random), random);
                }
                if (!open.slices.isEmpty()) {
                    assertThat(rows(merger.merge(open, end)))
                            .describedAs("%s, seed %d, window until %d", windows, seed, end)
                            .isEqualTo(rows(anew(windows, open, end)));
                }
                merger.release(end);
                int gone = 0;
                while (gone < open.slices.size() && windows.lastWindowEnd(open.slices.get(gone).start) <= end) {
                    gone++;
                }
                open.dropFirst(gone);
                closed = end;
                end = windows.nextWindowEnd(end);
            }
        }
    }

    /** A time in a slice of the window that closes next, or in a slice that was merged before and is still open. */
    private static long time(Windowing windows, long closed, long end, Random random) {
        long time = windows.windowStart(end) + random.nextLong(end - windows.windowStart(end));
        return windows.lastWindowEnd(windows.sliceStart(time)) > closed ? time : end - 1;
    }

    private void add(OpenSlices open, WindowMerger merger, long time, Random random) {
        Slice slice = open.of(time);
        byte[] key = ("k" + random.nextInt(8)).getBytes(StandardCharsets.UTF_8);
        int row = open.row(slice, key, 0, key.length, 0);
        aggregates.add(slice.rows, row, HandFedEngine.event(time, "k", random.nextInt(100), "t" + time));
        merger.changed(open, slice, row);
    }

    private MergedRows anew(Windowing windows, OpenSlices open, long end) {
        MergedRows rows = MergedRows.none(aggregates);
        for (Slice slice : open.slices) {
            if (slice.start >= windows.windowStart(end) && slice.start < end) {
                rows.add(MergedRows.of(slice, aggregates));
            }
        }
        return rows;
    }

    private List<String> rows(MergedRows merged) {
        Integer[] order = merged.order();
        List<String> rows = new ArrayList<>();
        for (int i = 0; i < merged.rows.size(); i++) {
            int row = order == null ? i : order[i];
            rows.add(new String(merged.rows.key(row), StandardCharsets.UTF_8) + " "
                    + EngineView.text(aggregates.results(merged.rows, row)));
        }
        return rows;
    }
}
