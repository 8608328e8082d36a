package io.tally.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.row.Aggregates;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * How many accumulators are merged for overlapping windows. The number may grow with the logarithm of size divided by
 * advance, but not with the quotient, whether or not records come late.
 */
class MergeCountTest {
    private static final int KEYS = 10;
    private static final int RECORDS_PER_SLICE = 20;

    private final Counting counting = new Counting();

    @ParameterizedTest
    @CsvSource({
        // At most one merge for each row that leaves, and in a straggler's path 8 for each level of the tree.
        "cumulative,  0,  1",
        "cumulative,  1,  2",
        "cumulative, 10,  5",
        // A window is merged from two nodes of each level; a straggler changes one node of each level.
        "hopping,     0,  7",
        "hopping,     1,  7",
        "hopping,    10, 10"
    })
    void costsTheSameHoweverManySlicesAWindowHas(String kind, int percentLate, int most) {
        double few = mergesPerRecord(kind, 256, percentLate);
        double many = mergesPerRecord(kind, 4096, percentLate);
        System.out.printf("%s, %d %% stragglers: %.2f, %.2f merges per record%n", kind, percentLate, few, many);
        assertThat(many).isLessThan(most);
        // Four levels more with nodes of two slices, between one and two more with nodes of eight.
        assertThat(many).isLessThan(few * 2 + 0.5);
    }

    /** Over the second half of the first size, and the first half of the next: what is new there must be dropped. */
    private double mergesPerRecord(String kind, int slices, int percentLate) {
        Duration size = Duration.ofMillis(slices);
        Duration slice = Duration.ofMillis(1);
        Windowing windows = kind.equals("hopping") ? Windowing.hopping(size, slice) : Windowing.cumulative(size, slice);
        WindowEngine engine = Engines.forEvents(
                WindowSpec.of(windows, Duration.ZERO), new Aggregates(List.of(counting)), Long.MAX_VALUE);
        Random random = new Random(slices);
        for (int now = 0; now < slices / 2; now++) {
            feed(engine, now, 0, random);
        }
        counting.merges = 0;
        int measured = 0;
        for (int now = slices / 2; now < slices * 3 / 2; now++) {
            measured += feed(engine, now, percentLate, random);
        }
        return counting.merges / (double) measured;
    }

    private int feed(WindowEngine engine, long now, int percentLate, Random random) {
        for (int i = 0; i < RECORDS_PER_SLICE; i++) {
            boolean late = i > 0 && random.nextInt(100) < percentLate;
            Event event = new Event(0);
            byte[] key = ("key " + random.nextInt(KEYS)).getBytes(StandardCharsets.UTF_8);
            event.time(late ? random.nextLong(now + 1) : now);
            event.key(key, 0, key.length);
            engine.advance(event.time(), WindowOutput.NONE);
            engine.fold(event, 0, WindowOutput.NONE);
        }
        return RECORDS_PER_SLICE;
    }

    private static final class Counting implements Aggregate {
        private final Aggregate count = BuiltIn.count();
        private long merges;

        @Override
        public int longs() {
            return count.longs();
        }

        @Override
        public int objects() {
            return 0;
        }

        @Override
        public void add(Cells cells, Event event) {
            count.add(cells, event);
        }

        @Override
        public void merge(Cells cells, Cells other) {
            merges++;
            count.merge(cells, other);
        }

        @Override
        public @Nullable Object result(Cells cells) {
            return count.result(cells);
        }

        @Override
        public void write(Cells cells, StateOutput out) {
            count.write(cells, out);
        }

        @Override
        public void read(Cells cells, StateInput in) {
            count.read(cells, in);
        }
    }
}
