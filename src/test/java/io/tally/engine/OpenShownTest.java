package io.tally.engine;

import static io.tally.engine.HandFedEngine.spec;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an engine shows of what is open, for each way to have windows. */
class OpenShownTest {
    private static final Windowing TUMBLING = Windowing.tumbling(Duration.ofMillis(10));
    private static final Windowing HOPPING = Windowing.hopping(Duration.ofMillis(20), Duration.ofMillis(10));

    @Test
    void windowsUntilTheyClose() {
        HandFedEngine engine = fed(spec(TUMBLING, 15, 0, Emission.FINAL));

        assertThat(shown(engine, 9)).containsExactly("[0,10) 2", "[20,30) 1");
        engine.feed(25, "c");
        assertThat(shown(engine, 9)).containsExactly("[20,30) 2");
    }

    @Test
    void slicesUntilTheirLastWindowCloses() {
        HandFedEngine engine = fed(spec(HOPPING, 15, 0, Emission.FINAL));

        engine.feed(25, "c");
        assertThat(shown(engine, 9)).containsExactly("[0,10) 2", "[20,30) 2");
        engine.feed(35, "c");
        assertThat(shown(engine, 9)).containsExactly("[20,30) 2", "[30,40) 1");
    }

    /** Where they have several rows, they have them for themselves. */
    @Test
    void overlappingWindowsWholeWhereTheyHaveRevisions() {
        HandFedEngine engine = fed(spec(HOPPING, 15, 0, Emission.UPDATES));

        assertThat(shown(engine, 9)).containsExactly("[-10,10) 2", "[0,20) 2", "[10,30) 1", "[20,40) 1");
    }

    @Test
    void noneThatHasClosedAndIsKeptForCorrections() {
        HandFedEngine engine = fed(spec(TUMBLING, 0, 100, Emission.FINAL));

        assertThat(shown(engine, 9)).containsExactly("[20,30) 1");
    }

    @Test
    void theOldestIfThereAreMore() {
        HandFedEngine engine = new HandFedEngine(spec(TUMBLING, 1_000, 0, Emission.FINAL));
        for (int time = 0; time < 500; time += 10) {
            engine.feed(time, "a");
        }

        assertThat(shown(engine, 2)).containsExactly("[0,10) 1", "[10,20) 1");
        assertThat(engine.engine.openWindows()).isEqualTo(50);
    }

    @Test
    void sessionsByWhenTheyEnd() {
        HandFedEngine engine =
                new HandFedEngine(spec(new WindowKind.Sessions(Duration.ofMillis(10)), 100, 0, Emission.FINAL));
        engine.feed(0, "a");
        engine.feed(5, "a");
        engine.feed(5, "b");
        engine.feed(6, "c");
        engine.feed(71, "d");

        // Each group closes whole when the watermark reaches its end.
        assertThat(shown(engine, 9)).containsExactly("[10,20) 3", "[80,90) 1");
        assertThat(shown(engine, 2)).containsExactly("[0,50) 3", "[50,100) 1");
        assertThat(shown(engine, 1_000)).containsExactly("[14,15) 2", "[15,16) 1", "[80,81) 1");
    }

    @Test
    void aSampleOfVeryManySessions() {
        HandFedEngine engine =
                new HandFedEngine(spec(new WindowKind.Sessions(Duration.ofMillis(10)), 1_000_000, 0, Emission.FINAL));
        int count = 20 * SessionGroups.SAMPLE;
        for (int i = 0; i < count; i++) {
            engine.feed(i % 2 * 1_000, "k" + i);
        }

        List<Long> keys = new ArrayList<>();
        assertThat(engine.engine.showOpen(9, (start, end, number) -> keys.add(number)))
                .as("all were counted")
                .isFalse();
        assertThat(keys).hasSize(2).allSatisfy(number -> assertThat(number).isBetween(count * 2L / 5, count * 3L / 5));
    }

    @Test
    void noTotals() {
        assertThat(shown(fed(spec(new WindowKind.Totals(null), 0, 0, Emission.UPDATES)), 9))
                .isEmpty();
        assertThat(shown(fed(spec(new WindowKind.Totals(Duration.ofMillis(500)), 0, 0, Emission.FINAL)), 9))
                .isEmpty();
    }

    /** Two keys in the window from 0, one in that from 20. */
    private static HandFedEngine fed(WindowSpec spec) {
        HandFedEngine engine = new HandFedEngine(spec);
        engine.feed(1, "a");
        engine.feed(2, "b");
        engine.feed(3, "b");
        engine.feed(21, "a");
        return engine;
    }

    private static List<String> shown(HandFedEngine engine, int limit) {
        List<String> shown = new ArrayList<>();
        assertThat(engine.engine.showOpen(
                        limit, (start, end, keys) -> shown.add("[" + start + "," + end + ") " + keys)))
                .as("all are counted")
                .isTrue();
        return shown;
    }
}
