package io.tally.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CombinerTest {
    private static final WindowSpec SPEC = WindowSpec.of(Windowing.tumbling(Duration.ofMillis(10)), Duration.ZERO);

    /** Whatever is combined before, and however it is cut into partials, the rows are the same. */
    @Test
    void partialsGiveTheRowsOfTheirEvents() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            WindowEngine direct = SPEC.newEngine(everyFunction(), Long.MAX_VALUE);
            WindowEngine merging = SPEC.newEngine(everyFunction(), Long.MAX_VALUE);
            Combiner combiner = SPEC.newCombiner(everyFunction());
            Rows expected = new Rows();
            Rows rows = new Rows();
            for (int poll = 0; poll < 5; poll++) {
                for (int i = random.nextInt(20); i > 0; i--) {
                    Event event = event(
                            random.nextInt(60) - 30, String.valueOf(random.nextInt(4)), random.nextInt(100), "x" + i);
                    direct.fold(event, 0, expected);
                    combiner.fold(event);
                }
                for (Partial partial : take(combiner)) {
                    assertThat(merging.foldPartial(partial, 0, rows)).isTrue();
                }
            }
            direct.closeAll(expected);
            merging.closeAll(rows);
            assertThat(rows.lines).containsExactlyInAnyOrderElementsOf(expected.lines);
        }
    }

    @Test
    void takingPartialsEmptiesTheCombiner() {
        Combiner combiner = SPEC.newCombiner(aggregates());
        combiner.fold(event(5, "a", 1, "x"));
        combiner.fold(event(15, "a", 2, "y"));
        combiner.fold(event(6, "b", 4, "z"));
        combiner.fold(event(7, "a", 8, "z"));
        assertThat(combiner.entries()).isEqualTo(3);
        assertThat(take(combiner)).extracting(Partial::minTime).containsExactly(0L, 0L, 10L);
        assertThat(combiner.entries()).isZero();
        assertThat(take(combiner)).isEmpty();
    }

    @Test
    void latePartialsChangeNothing() {
        WindowEngine engine = SPEC.newEngine(aggregates(), Long.MAX_VALUE);
        Combiner combiner = SPEC.newCombiner(aggregates());
        combiner.fold(event(5, "a", 1, "x"));
        engine.advanceWatermark(10, new Rows());
        assertThat(engine.foldPartial(take(combiner).get(0), 0, new Rows())).isFalse();
        assertThat(engine.openEntries()).isZero();
        assertThat(SPEC.isLate(5, 10)).isTrue();
        assertThat(SPEC.isLate(5, 9)).isFalse();
    }

    @Test
    void damagedPartialsChangeNothing() {
        WindowEngine engine = SPEC.newEngine(aggregates(), Long.MAX_VALUE);
        Partial damaged = new Partial();
        byte[] key = {'a'};
        damaged.key(key, 0, 1);
        damaged.accumulators(new StateInput(new byte[] {1}));
        assertThatThrownBy(() -> engine.foldPartial(damaged, 0, new Rows())).isInstanceOf(IllegalStateException.class);
        assertThat(engine.openEntries()).isZero();
        assertThat(engine.openWindows()).isZero();
    }

    /** Replay leaves out what an entry already has, as for events. */
    @Test
    void replayFoldsEachPartialOnce() {
        WindowEngine engine = SPEC.newEngine(aggregates(), Long.MAX_VALUE);
        Combiner combiner = SPEC.newCombiner(aggregates());
        combiner.fold(event(5, "a", 1, "x"));
        Partial first = take(combiner).get(0);
        engine.foldPartial(first, 7, new Rows());
        StateOutput stored = new StateOutput();
        engine.checkpoint(100, 8, 10, new Rows(), (entry, appliedUpTo) -> entry.writeAccumulators(stored));

        WindowEngine restored = SPEC.newEngine(aggregates(), Long.MAX_VALUE);
        restored.restoreEntry(0, 0, first.keyBuffer(), 0, 1, 8, new StateInput(stored.toByteArray()));
        combiner.fold(event(6, "a", 2, "y"));
        restored.replayPartial(take(combiner).get(0), 7);
        combiner.fold(event(6, "a", 2, "y"));
        restored.replayPartial(take(combiner).get(0), 8);
        restored.completeRestore();
        assertThat(restored.recoveryOffset()).isEqualTo(8);
        Rows rows = new Rows();
        restored.closeAll(rows);
        assertThat(rows.lines).containsExactly("0 a 2|3|x|y", "forget 0");
    }

    private static Aggregates everyFunction() {
        return new Aggregates(List.of(
                BuiltIn.count(),
                BuiltIn.sum(0),
                BuiltIn.min(0),
                BuiltIn.max(0),
                BuiltIn.average(0),
                BuiltIn.variance(0),
                BuiltIn.standardDeviation(0),
                BuiltIn.first(1),
                BuiltIn.last(1),
                BuiltIn.distinct(1, 4),
                BuiltIn.topByCount(1, 2, 100),
                BuiltIn.topBySum(1, 0, 2, 5),
                BuiltIn.collect(1, 5)));
    }

    private static Aggregates aggregates() {
        return new Aggregates(List.of(BuiltIn.count(), BuiltIn.sum(0), BuiltIn.first(1), BuiltIn.last(1)));
    }

    private static Event event(long time, String key, long number, String text) {
        Event event = new Event(2);
        byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
        event.time(time);
        event.key(bytes, 0, bytes.length);
        event.field(0).number(number, 0);
        byte[] label = text.getBytes(StandardCharsets.UTF_8);
        event.field(1).text(label, 0, label.length);
        return event;
    }

    private static List<Partial> take(Combiner combiner) {
        List<Partial> partials = new ArrayList<>();
        combiner.takePartials(row -> {
            StateOutput out = new StateOutput();
            row.writeAccumulators(out);
            Partial partial = new Partial();
            partial.times(row.minTime(), row.maxTime());
            partial.key(row.keyBuffer().clone(), row.keyStart(), row.keyLength());
            partial.accumulators(new StateInput(out.toByteArray()));
            partials.add(partial);
        });
        return partials;
    }

    private static final class Rows implements WindowOutput {
        final List<String> lines = new ArrayList<>();

        @Override
        public void result(WindowResult result) {
            lines.add(result.start() + " " + new String(result.key(), StandardCharsets.UTF_8) + " "
                    + EngineView.text(result.values()));
        }

        @Override
        public void forget(StateEntry entry) {
            lines.add("forget " + entry.sliceStart());
        }
    }
}
