package io.tally.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.StateEntry;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Totals with a ttl of 10 ms from partials, as seen by a reader who takes the last row for the truth. */
class TotalsInTurnTest {
    private static final WindowSpec SPEC =
            HandFedEngine.spec(new WindowKind.Totals(Duration.ofMillis(10)), 0, 0, Emission.UPDATES);

    private final WindowEngine engine = Engines.forPartials(SPEC, new Aggregates(List.of(BuiltIn.count())), 100);
    private final Rows rows = new Rows();
    private long offset;

    @Test
    void showsOnlyTheOldestOfAKey() {
        assertThat(fold(0, 5)).isTrue();
        assertThat(fold(100, 105)).isTrue();
        assertThat(update()).containsExactly("[0,15) 1 r1");
        assertThat(engine.earlyRows().oldestUnsent()).as("nothing is due").isEqualTo(WindowEngine.NOTHING_DIRTY);
        engine.advanceWatermark(15, rows);
        assertThat(rows.take()).containsExactly("[0,15) 1 r2 final");
        assertThat(engine.earlyRows().oldestUnsent()).as("its turn").isEqualTo(1);
        assertThat(update()).containsExactly("[0,115) 1 r1");
    }

    /** Its rows become those of an older total, which comes from another source partition. */
    @Test
    void oneThatHasShownItselfTooEarlyBeginsAnew() {
        fold(100, 105);
        assertThat(update()).containsExactly("[0,115) 1 r1");
        fold(0, 5);
        assertThat(update()).containsExactly("[0,15) 1 r2");
        engine.advanceWatermark(15, rows);
        assertThat(rows.take()).containsExactly("[0,15) 1 r3 final");
        assertThat(update()).containsExactly("[0,115) 1 r1");
    }

    @Test
    void whatLiesBetweenMakesThemOne() {
        fold(100, 105);
        update();
        fold(80, 85);
        assertThat(update()).containsExactly("[0,95) 1 r2");
        fold(94, 95);
        assertThat(update()).containsExactly("[0,115) 3 r3");
        assertThat(engine.openEntries()).isEqualTo(1);
    }

    /** An event is late if it is older than the ttl at its own watermark, unless there is a total that takes it. */
    @Test
    void takesWhatIsTooOldIntoWhatIsThere() {
        assertThat(fold(100, 90)).isFalse();
        assertThat(fold(90, 95)).isTrue();
        assertThat(fold(100, 90)).isTrue();
        assertThat(fold(105, 90)).as("there no more").isFalse();
        assertThat(fold(89, 70)).as("not there yet").isFalse();
    }

    @Test
    void refusesAnEntryThatCannotBe() {
        EngineRestore restore = engine.restore(5, 100);
        StateOutput out = new StateOutput();
        out.writeSigned(-10);
        out.writeUnsigned(0);
        out.writeUnsigned(0);
        out.writeUnsigned(1);
        assertThatThrownBy(() -> restore.entry(200, 0, new byte[] {'k'}, 0, 1, 5, new StateInput(out.toByteArray())))
                .hasMessageContaining("a total that begins at the watermark 200 ms");
    }

    private boolean fold(long watermark, long last) {
        Partial partial = new Partial();
        partial.times(watermark, last);
        partial.key(new byte[] {'k'}, 0, 1);
        partial.accumulators(new StateInput(new byte[] {1}));
        return engine.foldPartial(partial, offset++, rows);
    }

    private List<String> update() {
        engine.earlyRows().send(offset, Integer.MAX_VALUE, rows);
        return rows.take();
    }

    private static final class Rows implements WindowOutput {
        private final List<String> sent = new ArrayList<>();

        @Override
        public void result(WindowResult result) {
            assertThat(new String(result.key(), StandardCharsets.UTF_8)).isEqualTo("k");
            sent.add("[" + result.start() + "," + result.end() + ") " + result.values()[0] + " r" + result.revision()
                    + (result.isFinal() ? " final" : ""));
        }

        @Override
        public void forget(StateEntry entry) {}

        List<String> take() {
            List<String> taken = List.copyOf(sent);
            sent.clear();
            return taken;
        }
    }
}
