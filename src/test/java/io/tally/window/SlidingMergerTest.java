package io.tally.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tree over the slices gives the rows that merging all of them anew gives, in the same order. */
class SlidingMergerTest {
    private final Aggregates aggregates = EngineBench.aggregates();

    @ParameterizedTest
    @CsvSource({"1,1", "6,4", "8,1", "64,1", "100,3", "97,5", "1000,7"})
    void isAsGoodAsMergingAnew(long size, long advance) {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            Hopping windows = new Hopping(size, advance);
            OpenSlices open = new OpenSlices(windows, aggregates, 0, Long.MAX_VALUE);
            SlidingMerger sliding = new SlidingMerger(windows, aggregates);
            long end = windows.nextWindowEnd(-size * (1 + random.nextInt(3)));
            for (int window = 0; window < 60; window++) {
                for (int i = random.nextInt(6); i > 0; i--) {
                    // Some belong to slices that were merged before.
                    add(open, sliding, end - 1 - random.nextLong(size), random);
                }
                if (!open.slices.isEmpty()) {
                    RowTable anew = new GrowingMerger(windows, aggregates).merge(open, end);
                    assertThat(rows(sliding.merge(open, end))).isEqualTo(rows(anew));
                }
                sliding.release(end);
                long next = windows.nextWindowEnd(end);
                int gone = 0;
                while (gone < open.slices.size() && windows.lastWindowEnd(open.slices.get(gone).start) <= end) {
                    gone++;
                }
                open.dropFirst(gone);
                end = next;
            }
        }
    }

    private void add(OpenSlices open, WindowMerger merger, long time, Random random) {
        Slice slice = open.of(time);
        merger.changes(slice);
        byte[] key = ("k" + random.nextInt(5)).getBytes(StandardCharsets.UTF_8);
        int row = open.row(slice, key, 0, key.length, 0);
        aggregates.add(slice.rows, row, EngineBench.event(time, "k", random.nextInt(100), "t" + time));
    }

    private List<String> rows(RowTable table) {
        List<String> rows = new ArrayList<>();
        for (int row = 0; row < table.size(); row++) {
            rows.add(new String(table.key(row), StandardCharsets.UTF_8) + " "
                    + EngineView.text(aggregates.results(table, row)));
        }
        return rows;
    }
}
