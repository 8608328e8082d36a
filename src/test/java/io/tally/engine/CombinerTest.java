package io.tally.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.partial.Combiner;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.StateEntry;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CombinerTest {
    private static final WindowSpec SPEC = WindowSpec.of(Windowing.tumbling(Duration.ofMillis(10)), Duration.ZERO);

    static Stream<WindowSpec> specs() {
        Duration six = Duration.ofMillis(6);
        List<WindowKind> kinds = List.of(
                new WindowKind.Aligned(Windowing.tumbling(six)),
                new WindowKind.Aligned(Windowing.hopping(six, Duration.ofMillis(4))),
                new WindowKind.Aligned(Windowing.cumulative(six, Duration.ofMillis(2))),
                new WindowKind.Aligned(Windowing.hours(ZoneId.of("Europe/Berlin"))),
                new WindowKind.Sessions(six),
                new WindowKind.Totals(six),
                new WindowKind.Totals(null));
        return kinds.stream()
                .flatMap(kind -> Stream.of(
                                HandFedEngine.spec(kind, 0, 0, Emission.UPDATES),
                                kind.equals(new WindowKind.Totals(null))
                                        ? null
                                        : HandFedEngine.spec(kind, 0, 0, Emission.FINAL),
                                kind instanceof WindowKind.Totals
                                        ? null
                                        : HandFedEngine.spec(kind, 0, 5, Emission.FINAL),
                                kind instanceof WindowKind.Totals
                                        ? null
                                        : HandFedEngine.spec(kind, 0, 5, Emission.UPDATES))
                        .filter(Objects::nonNull));
    }

    /**
     * However events are combined and cut into partials, the last row of each window and key is the same. Which
     * sessions are late depends on what was joined before, so sessions close only when everything is folded.
     */
    @ParameterizedTest
    @MethodSource("specs")
    void partialsGiveTheRowsOfTheirEvents(WindowSpec spec) {
        boolean aligned = spec.kind() instanceof WindowKind.Aligned;
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            WindowEngine direct = Engines.forEvents(spec, HandFedEngine.aggregates(), Long.MAX_VALUE);
            WindowEngine merging = Engines.forPartials(spec, HandFedEngine.aggregates(), Long.MAX_VALUE);
            List<Combiner> combiners = List.of(
                    Engines.combiner(spec, HandFedEngine.aggregates()),
                    Engines.combiner(spec, HandFedEngine.aggregates()));
            Map<String, String> expected = new TreeMap<>();
            Map<String, String> rows = new TreeMap<>();
            for (int poll = 0; poll < 8; poll++) {
                Combiner combiner = combiners.get(random.nextInt(2));
                for (int i = random.nextInt(20); i > 0; i--) {
                    long time = 5 * poll + random.nextInt(60) - 30;
                    Event event = HandFedEngine.event(time, "k" + random.nextInt(4), random.nextInt(100), "t" + time);
                    boolean late = !direct.fold(event, poll, new Last(expected));
                    assertThat(late).isEqualTo(spec.isLate(time, direct.watermark()));
                    combiner.fold(event, direct.watermark());
                }
                for (Partial partial : take(combiner)) {
                    merging.foldPartial(partial, poll, new Last(rows));
                }
                checkpoint(direct, expected);
                checkpoint(merging, rows);
                assertThat(merging.openEntries()).isEqualTo(direct.openEntries());
                if (aligned) {
                    direct.advanceWatermark(5 * poll - 30, new Last(expected));
                    merging.advanceWatermark(5 * poll - 30, new Last(rows));
                }
            }
            direct.advanceWatermark(1000, new Last(expected));
            merging.advanceWatermark(1000, new Last(rows));
            assertThat(rows).isEqualTo(expected);
        }
    }

    private static void checkpoint(WindowEngine engine, Map<String, String> rows) {
        engine.checkpoint(Long.MAX_VALUE - 1, 100, Integer.MAX_VALUE, new Last(rows), (entry, appliedUpTo) -> {});
    }

    /** The last row of each window and key. */
    private record Last(Map<String, String> rows) implements WindowOutput {
        @Override
        public void result(WindowResult result) {
            String key = new String(result.key(), StandardCharsets.UTF_8);
            rows.put(
                    "[" + result.start() + "," + result.end() + ") " + key,
                    EngineView.text(result.values()) + " " + result.isFinal());
        }

        @Override
        public void forget(StateEntry entry) {}
    }

    @Test
    void takingPartialsEmptiesTheCombiner() {
        Combiner combiner = Engines.combiner(SPEC, HandFedEngine.aggregates());
        combiner.fold(HandFedEngine.event(5, "a", 1, "x"), 0);
        combiner.fold(HandFedEngine.event(15, "a", 2, "y"), 0);
        combiner.fold(HandFedEngine.event(6, "b", 4, "z"), 0);
        combiner.fold(HandFedEngine.event(7, "a", 8, "z"), 0);
        assertThat(combiner.entries()).isEqualTo(3);
        assertThat(take(combiner)).extracting(Partial::minTime).containsExactly(0L, 0L, 10L);
        assertThat(combiner.entries()).isZero();
        assertThat(take(combiner)).isEmpty();
    }

    @Test
    void latePartialsChangeNothing() {
        WindowEngine engine = Engines.forEvents(SPEC, HandFedEngine.aggregates(), Long.MAX_VALUE);
        Combiner combiner = Engines.combiner(SPEC, HandFedEngine.aggregates());
        combiner.fold(HandFedEngine.event(5, "a", 1, "x"), 0);
        engine.advanceWatermark(10, new Rows());
        assertThat(engine.foldPartial(take(combiner).get(0), 0, new Rows())).isFalse();
        assertThat(engine.openEntries()).isZero();
        assertThat(SPEC.isLate(5, 10)).isTrue();
        assertThat(SPEC.isLate(5, 9)).isFalse();
    }

    @Test
    void damagedPartialsChangeNothing() {
        WindowEngine engine = Engines.forEvents(SPEC, HandFedEngine.aggregates(), Long.MAX_VALUE);
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
        WindowEngine engine = Engines.forEvents(SPEC, HandFedEngine.aggregates(), Long.MAX_VALUE);
        Combiner combiner = Engines.combiner(SPEC, HandFedEngine.aggregates());
        combiner.fold(HandFedEngine.event(5, "a", 1, "x"), 0);
        Partial first = take(combiner).get(0);
        engine.foldPartial(first, 7, new Rows());
        StateOutput stored = new StateOutput();
        engine.checkpoint(100, 8, 10, new Rows(), (entry, appliedUpTo) -> entry.writeAccumulators(stored));

        WindowEngine restored = Engines.forEvents(SPEC, HandFedEngine.aggregates(), Long.MAX_VALUE);
        EngineRestore restore = restored.restore(0, WindowEngine.NO_WATERMARK);
        restore.entry(0, 0, first.keyBuffer(), 0, 1, 8, new StateInput(stored.toByteArray()));
        combiner.fold(HandFedEngine.event(6, "a", 2, "y"), 0);
        restore.replayPartial(take(combiner).get(0), 7);
        combiner.fold(HandFedEngine.event(6, "a", 2, "y"), 0);
        restore.replayPartial(take(combiner).get(0), 8);
        restore.complete(0);
        assertThat(restored.recoveryOffset()).isEqualTo(8);
        Rows rows = new Rows();
        restored.closeAll(rows);
        assertThat(rows.lines).containsExactly("0 a 2|3|x|y", "forget 0");
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
