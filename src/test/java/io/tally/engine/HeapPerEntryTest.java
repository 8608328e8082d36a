package io.tally.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.aggregate.sketch.Sketches;
import io.tally.engine.partial.Combiner;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapBudget;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.ref.Reference;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What open windows cost on the heap. These are the figures by which docs/performance.md sizes heaps. Also, the bytes
 * that a pipeline counts, and by which it stops before the heap is full, must be those that the heap holds.
 */
class HeapPerEntryTest {
    private static final Windowing SECONDS = Windowing.tumbling(Duration.ofSeconds(5));
    private static final Windowing MILLIS = Windowing.tumbling(Duration.ofMillis(1));

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    /** Entries, the most bytes that one may take, and what makes them. */
    enum Shape {
        COUNT_OVER_IPS(250_000, 120, feed -> feed.engine(final1(SECONDS), BuiltIn.count())),
        ONE_KEY_PER_WINDOW(100_000, 400, feed -> feed.everyMilli().engine(final1(MILLIS), BuiltIn.count())),
        TWO_KEYS_PER_WINDOW(200_000, 250, feed -> feed.everyOtherMilli().engine(final1(MILLIS), BuiltIn.count())),
        LONG_KEYS(50_000, 500, feed -> feed.keyBytes(300).engine(final1(SECONDS), BuiltIn.count())),
        SUM_WITH_MANY_DIGITS(100_000, 400, feed -> feed.perKey(2).engine(final1(SECONDS), BuiltIn.sum(2))),
        FIRST_AND_LAST(100_000, 400, feed -> feed.engine(final1(SECONDS), BuiltIn.first(0), BuiltIn.last(0))),
        COLLECT(20_000, 2_000, feed -> feed.perKey(10).engine(final1(SECONDS), BuiltIn.collect(0, 100))),
        DISTINCT(20_000, 2_000, feed -> feed.perKey(10).engine(final1(SECONDS), BuiltIn.distinct(0, 100))),
        TOP(20_000, 2_500, feed -> feed.perKey(10).engine(final1(SECONDS), BuiltIn.topBySum(0, 1, 3, 100))),
        FEW_APPROXIMATE(
                50_000, 500, feed -> feed.perKey(5).engine(final1(SECONDS), Sketches.approximateDistinct(0, 12))),
        MANY_APPROXIMATE(
                2_000, 5_000, feed -> feed.perKey(400).engine(final1(SECONDS), Sketches.approximateDistinct(0, 12))),
        QUANTILES(
                5_000,
                20_000,
                feed -> feed.perKey(40)
                        .engine(final1(SECONDS), Sketches.quantiles(1, List.of(new BigDecimal("0.5")), 0.01))),
        UPDATES(
                200_000,
                200,
                feed -> feed.engine(HandFedEngine.spec(SECONDS, 0, 0, Emission.UPDATES), BuiltIn.count())),
        SESSIONS(
                200_000,
                400,
                feed -> feed.engine(
                        HandFedEngine.spec(new WindowKind.Sessions(Duration.ofSeconds(1)), 0, 0, Emission.FINAL),
                        BuiltIn.count())),
        SESSIONS_WITH_UPDATES(
                200_000,
                400,
                feed -> feed.engine(
                        HandFedEngine.spec(new WindowKind.Sessions(Duration.ofSeconds(1)), 0, 0, Emission.UPDATES),
                        BuiltIn.sum(1))),
        /** With the windows of the rows that stand for them. */
        SESSIONS_WITH_ROWS(
                200_000,
                400,
                feed -> feed.sent()
                        .engine(
                                HandFedEngine.spec(
                                        new WindowKind.Sessions(Duration.ofSeconds(1)), 0, 0, Emission.UPDATES),
                                BuiltIn.count())),
        PARTIALS(200_000, 200, feed -> feed.combiner(final1(SECONDS), BuiltIn.count())),
        PARTIALS_OF_SESSIONS(
                200_000,
                400,
                feed -> feed.combiner(
                        HandFedEngine.spec(new WindowKind.Sessions(Duration.ofSeconds(1)), 0, 0, Emission.FINAL),
                        BuiltIn.count())),
        /** With what is kept to put windows together. */
        HOPPING(
                100_000,
                800,
                feed -> feed.overlapping(
                        WindowSpec.of(Windowing.hopping(Duration.ofMillis(1000), Duration.ofMillis(1)), Duration.ZERO),
                        BuiltIn.count())),
        CUMULATIVE_WITH_STRAGGLERS(
                100_000,
                500,
                feed -> feed.overlapping(
                        WindowSpec.of(
                                Windowing.cumulative(Duration.ofSeconds(10), Duration.ofMillis(1)), Duration.ZERO),
                        BuiltIn.count()));

        final int entries;
        final int most;
        final Consumer<Feed> fill;

        Shape(int entries, int most, Consumer<Feed> fill) {
            this.entries = entries;
            this.most = most;
            this.fill = fill;
        }

        private static WindowSpec final1(Windowing windowing) {
            return WindowSpec.of(windowing, Duration.ofDays(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void isWhatIsCounted(Shape shape) {
        // Loads the classes first: their objects do not belong to entries.
        shape.fill.accept(new Feed(10));
        Feed feed = new Feed(shape.entries);
        long before = usedHeap();
        shape.fill.accept(feed);
        double bytes = (usedHeap() - before) / (double) shape.entries;
        double counted = feed.account.used() / (double) shape.entries;
        System.out.printf("%s: %.1f bytes of heap per entry, %.1f counted%n", shape, bytes, counted);
        // Less than key, value and bookkeeping together would mean that nothing was measured.
        assertThat(bytes).isBetween(40.0, (double) shape.most);
        assertThat(counted).isBetween(0.85 * bytes, 1.25 * bytes);
        feed.drop();
        assertThat(feed.account.used()).isBetween(0L, 10_000L);
        Reference.reachabilityFence(feed);
    }

    private long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 2; i++) {
            memory.gc();
            used = Math.min(used, memory.getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    /** Events of so many keys. */
    static final class Feed {
        final HeapAccount account = HeapBudget.unlimited().open("");
        private final int entries;
        private int perKey = 1;
        private int keyBytes;
        private double millis;
        private boolean sent;
        private Object filled = "";
        private Runnable drop = () -> {};

        Feed(int entries) {
            this.entries = entries;
        }

        Feed perKey(int events) {
            perKey = events;
            return this;
        }

        Feed keyBytes(int length) {
            keyBytes = length;
            return this;
        }

        Feed everyMilli() {
            millis = 1;
            return this;
        }

        Feed everyOtherMilli() {
            millis = 0.5;
            return this;
        }

        /** Rows leave once, as updates. */
        Feed sent() {
            sent = true;
            return this;
        }

        void engine(WindowSpec spec, Aggregate... functions) {
            WindowEngine engine = Engines.forEvents(spec, new Aggregates(List.of(functions), account), Long.MAX_VALUE);
            filled = engine;
            drop = () -> {
                engine.closeAll(WindowOutput.NONE);
                // Entries of sessions that are gone are deleted from the state topic first.
                engine.checkpoint(
                        Long.MAX_VALUE - 1, Long.MAX_VALUE - 1, Integer.MAX_VALUE, WindowOutput.NONE, (e, o) -> {});
            };
            events(event -> engine.fold(event, 0, WindowOutput.NONE));
            assertThat(engine.openEntries()).isEqualTo(entries);
            if (sent) {
                engine.earlyRows().send(1, Integer.MAX_VALUE, WindowOutput.NONE);
            }
        }

        void combiner(WindowSpec spec, Aggregate... functions) {
            Combiner combiner = Engines.combiner(spec, new Aggregates(List.of(functions), account));
            filled = combiner;
            drop = () -> combiner.takePartials(row -> {});
            events(event -> combiner.fold(event, 0));
            assertThat(combiner.entries()).isEqualTo(entries);
        }

        /** A hundred keys in each of a thousand slices, and a late one for each. */
        void overlapping(WindowSpec spec, Aggregate... functions) {
            WindowEngine engine = Engines.forEvents(spec, new Aggregates(List.of(functions), account), Long.MAX_VALUE);
            filled = engine;
            drop = () -> engine.closeAll(WindowOutput.NONE);
            Event event = new Event(3);
            for (int slice = 0; slice < Math.max(3, entries / 100); slice++) {
                engine.advance(slice, WindowOutput.NONE);
                for (int key = 0; key < 100; key++) {
                    fold(engine, event, slice, key);
                }
                fold(engine, event, slice / 2, slice % 100);
            }
        }

        private void fold(WindowEngine engine, Event event, int time, int key) {
            byte[] bytes = key(key);
            event.time(time);
            event.key(bytes, 0, bytes.length);
            engine.fold(event, 0, WindowOutput.NONE);
        }

        private void events(Consumer<Event> fold) {
            Event event = new Event(3);
            event.field(2).number(new BigDecimal("12345678901234567890.123456789"));
            for (int i = 0; i < entries; i++) {
                byte[] key = key(i);
                event.time((long) (i * millis));
                event.key(key, 0, key.length);
                for (int j = 0; j < perKey; j++) {
                    byte[] text = ("text number " + (long) i * j).getBytes(StandardCharsets.UTF_8);
                    event.field(0).text(text, 0, text.length);
                    event.field(1).number((long) j * j * j * j, 0);
                    fold.accept(event);
                }
            }
        }

        private byte[] key(int number) {
            String ip = "10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255);
            return (ip + "-".repeat(Math.max(0, keyBytes - ip.length()))).getBytes(StandardCharsets.UTF_8);
        }

        void drop() {
            drop.run();
        }
    }
}
