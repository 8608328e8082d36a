package io.tally.engine;

import static io.tally.engine.HandFedEngine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.heap.EntryLimitExceededException;
import io.tally.window.Emission;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** One millisecond before a border, and one after it. */
class WindowBordersTest {
    private static final Windowing TEN = Windowing.tumbling(Duration.ofMillis(10));
    private static final Windowing TEN_EVERY_FIVE = Windowing.hopping(Duration.ofMillis(10), Duration.ofMillis(5));
    private static final Windowing UP_TO_TEN_BY_FIVE =
            Windowing.cumulative(Duration.ofMillis(10), Duration.ofMillis(5));

    @Test
    void aTumblingWindowClosesAtItsEndPlusGrace() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 3, 0, Emission.FINAL));
        assertThat(bench.feed(9, "a")).isEmpty();
        assertThat(bench.feed(10, "b")).isEmpty();
        assertThat(bench.feed(12, "b")).as("end + grace - 1").isEmpty();
        assertThat(bench.feed(9, "a")).isEmpty();
        assertThat(bench.feed(13, "b")).as("end + grace").containsExactly("[0,10) a 2");
        assertThat(bench.feed(9, "a")).containsExactly("late");
        assertThat(bench.feed(10, "b")).isEmpty();
        assertThat(bench.feed(14, "b")).as("end + grace + 1").isEmpty();
        assertThat(bench.closeAll()).containsExactly("[10,20) b 5");
    }

    @Test
    void windowsBeforeTheEpochAreLikeAllOthers() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 0, Emission.FINAL));
        assertThat(bench.feed(-11, "a")).isEmpty();
        assertThat(bench.feed(-10, "a")).containsExactly("[-20,-10) a 1");
        assertThat(bench.feed(-1, "a")).isEmpty();
        assertThat(bench.feed(0, "a")).containsExactly("[-10,0) a 2");
    }

    @Test
    void aHoppingRecordIsLateWhenItsLastWindowHasClosed() {
        HandFedEngine bench = new HandFedEngine(spec(TEN_EVERY_FIVE, 0, 0, Emission.FINAL));
        assertThat(bench.feed(7, "a")).isEmpty();
        assertThat(bench.feed(10, "b")).containsExactly("[0,10) a 1");
        assertThat(bench.feed(9, "a")).as("only [5,15) is open").isEmpty();
        assertThat(bench.feed(4, "a")).as("[0,10) was the last one").containsExactly("late");
        assertThat(bench.feed(14, "b")).isEmpty();
        assertThat(bench.feed(15, "b")).containsExactly("[5,15) a 2", "[5,15) b 2");
        assertThat(bench.feed(9, "a")).containsExactly("late");
        assertThat(bench.closeAll()).containsExactly("[10,20) b 3", "[15,25) b 1");
    }

    @Test
    void hoppingWindowsMayAdvanceByWhatDoesNotDivideThem() {
        Windowing windowing = Windowing.hopping(Duration.ofMillis(5), Duration.ofMillis(3));
        HandFedEngine bench = new HandFedEngine(spec(windowing, 0, 0, Emission.FINAL));
        assertThat(bench.feed(0, "a")).isEmpty();
        assertThat(bench.feed(3, "a")).containsExactly("[-3,2) a 1");
        assertThat(bench.feed(-1, "a")).containsExactly("late");
        assertThat(bench.closeAll()).containsExactly("[0,5) a 2", "[3,8) a 1");
    }

    @Test
    void cumulativeWindowsGrowAndBeginAnew() {
        HandFedEngine bench = new HandFedEngine(spec(UP_TO_TEN_BY_FIVE, 0, 0, Emission.FINAL));
        assertThat(bench.feed(4, "a")).isEmpty();
        assertThat(bench.feed(5, "b")).containsExactly("[0,5) a 1");
        assertThat(bench.feed(0, "c")).as("in [0,10) still").isEmpty();
        assertThat(bench.feed(10, "b"))
                .as("in the order of slices, then of appearance")
                .containsExactly("[0,10) a 1", "[0,10) c 1", "[0,10) b 1");
        assertThat(bench.feed(9, "a")).containsExactly("late");
        assertThat(bench.closeAll()).containsExactly("[10,15) b 1", "[10,20) b 1");
    }

    @Test
    void allowedLatenessEndsAtTheEndPlusGracePlusLateness() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 3, 4, Emission.FINAL));
        bench.feed(9, "a");
        assertThat(bench.feed(13, "b")).containsExactly("[0,10) a 1 r1 final");
        assertThat(bench.feed(8, "a")).containsExactly("[0,10) a 2 r2 final");
        assertThat(bench.feed(16, "b")).as("the last moment").isEmpty();
        assertThat(bench.feed(0, "c")).as("a key of its own").containsExactly("[0,10) c 1 r1 final");
        assertThat(bench.feed(17, "b")).as("nothing was written yet").isEmpty();
        assertThat(bench.feed(9, "a")).containsExactly("late");
    }

    @Test
    void whatIsKeptIsWrittenAndForgotten() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 5, Emission.FINAL));
        bench.feed(9, "a");
        bench.feed(10, "b");
        assertThat(bench.checkpoint()).isEmpty();
        assertThat(bench.feed(14, "b")).isEmpty();
        assertThat(bench.feed(15, "b")).containsExactly("forget 0");
    }

    @Test
    void updatesLeaveAtTheEndOfABatchAndTheFinalRowAlways() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 5, Emission.UPDATES));
        bench.feed(1, "a");
        bench.feed(2, "a");
        bench.feed(3, "b");
        assertThat(bench.checkpoint()).containsExactly("[0,10) a 2 r1", "[0,10) b 1 r1");
        bench.feed(4, "a");
        assertThat(bench.checkpoint()).containsExactly("[0,10) a 3 r2");
        assertThat(bench.checkpoint()).isEmpty();
        assertThat(bench.feed(10, "c")).containsExactly("[0,10) a 3 r3 final", "[0,10) b 1 r2 final");
        assertThat(bench.feed(9, "b")).as("a correction does not wait").containsExactly("[0,10) b 2 r3 final");
        assertThat(bench.checkpoint()).containsExactly("[10,20) c 1 r1");
    }

    @Test
    void updatesOfARecordLeaveTogether() {
        HandFedEngine bench = new HandFedEngine(spec(UP_TO_TEN_BY_FIVE, 0, 0, Emission.UPDATES));
        bench.feed(4, "a");
        bench.feed(4, "b");
        bench.feed(4, "c");
        assertThat(bench.engine.earlyRows().send(3, 3, bench)).isEqualTo(2);
        assertThat(bench.take()).containsExactly("[0,5) a 1 r1", "[0,10) a 1 r1", "[0,5) b 1 r1", "[0,10) b 1 r1");
        assertThat(bench.engine.earlyRows().oldestUnsent()).isEqualTo(2);
        assertThat(bench.engine.earlyRows().send(2, 3, bench)).isEqualTo(WindowEngine.NOTHING_SENT);
        assertThat(bench.engine.earlyRows().send(3, 3, bench)).isEqualTo(3);
        assertThat(bench.take()).containsExactly("[0,5) c 1 r1", "[0,10) c 1 r1");
        assertThat(bench.engine.recoveryOffset()).as("nothing was written").isZero();
    }

    /** An entry in the state topic never has an unshown change, so it need not note one. */
    @Test
    void whatIsWrittenHasLeft() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 0, Emission.UPDATES));
        bench.feed(1, "a");
        bench.feed(2, "b");
        bench.feed(3, "a");
        bench.engine.checkpoint(1, 3, 10, bench, (entry, appliedUpTo) -> {});
        assertThat(bench.take()).containsExactly("[0,10) a 2 r1");
        bench.feed(4, "a");
        assertThat(bench.engine.earlyRows().oldestUnsent()).isEqualTo(1);
        bench.engine.earlyRows().send(4, 10, bench);
        assertThat(bench.take()).as("in the order of their changes").containsExactly("[0,10) b 1 r1", "[0,10) a 3 r2");
    }

    @Test
    void updatesOfOverlappingWindows() {
        HandFedEngine bench = new HandFedEngine(spec(UP_TO_TEN_BY_FIVE, 0, 0, Emission.UPDATES));
        bench.feed(4, "a");
        assertThat(bench.checkpoint()).containsExactly("[0,5) a 1 r1", "[0,10) a 1 r1");
        assertThat(bench.feed(5, "a")).containsExactly("[0,5) a 1 r2 final", "forget 0");
        assertThat(bench.checkpoint()).containsExactly("[0,10) a 2 r2");
    }

    /** There is room for one of its two windows. */
    @Test
    void aRecordThatDoesNotFitChangesNothing() {
        WindowEngine engine =
                Engines.forEvents(spec(TEN_EVERY_FIVE, 0, 0, Emission.UPDATES), HandFedEngine.aggregates(), 3);
        HandFedEngine rows = new HandFedEngine(spec(TEN, 0, 0, Emission.FINAL));
        assertThat(engine.fold(HandFedEngine.event(7, "a", 1, ""), 0, rows)).isTrue();
        assertThat(engine.fold(HandFedEngine.event(8, "a", 1, ""), 1, rows))
                .as("needs no room")
                .isTrue();
        assertThatThrownBy(() -> engine.fold(HandFedEngine.event(7, "b", 1, ""), 2, rows))
                .isInstanceOf(EntryLimitExceededException.class);
        assertThat(engine.openEntries()).isEqualTo(2);
        assertThat(engine.recoveryOffset()).isZero();
    }

    /** Clocks go forward on 2026-03-29, back on 2026-10-25; 2024 has a 29th of February. */
    @Test
    void daysEndAtTheirMidnight() {
        Windowing days = Windowing.days(ZoneId.of("Europe/Berlin"));
        String[][] midnights = {
            {"2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
            {"2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"},
            {"2024-02-28T23:00:00Z", "2024-02-29T23:00:00Z"}
        };
        for (String[] day : midnights) {
            long start = Instant.parse(day[0]).toEpochMilli();
            long end = Instant.parse(day[1]).toEpochMilli();
            for (Emission emission : Emission.values()) {
                HandFedEngine bench = new HandFedEngine(spec(days, 1, 0, emission));
                String revision = emission == Emission.FINAL ? "" : " r1 final";
                bench.feed(start, "a");
                bench.feed(end - 1, "a");
                bench.feed(end, "b");
                assertThat(bench.feed(end - 1, "a")).isEmpty();
                assertThat(bench.feed(end + 1, "b")).containsExactly("[" + start + "," + end + ") a 3" + revision);
                assertThat(bench.feed(end - 1, "a")).containsExactly("late");
            }
        }
    }
}
