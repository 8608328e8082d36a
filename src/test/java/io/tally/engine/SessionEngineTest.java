package io.tally.engine;

import static io.tally.engine.HandFedEngine.spec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.aggregate.DamagedException;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.FormerEntryException;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SessionEngineTest {
    private static final WindowKind TEN = new WindowKind.Sessions(Duration.ofMillis(10));
    private static final WindowKind TOTAL_OF_TEN = new WindowKind.Totals(Duration.ofMillis(10));

    /** Whatever the order of events, sessions are the sorted events, cut at the gaps. */
    @Test
    void sessionsAreTheSortedEventsCutAtTheGaps() {
        for (int seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            HandFedEngine bench = new HandFedEngine(spec(TEN, 1_000_000, 0, Emission.FINAL));
            TreeMap<Long, List<Long>> byTime = new TreeMap<>();
            for (int i = 1 + random.nextInt(30); i > 0; i--) {
                long time = random.nextInt(400) - 200;
                bench.feed(time, "k");
                byTime.computeIfAbsent(time, any -> new ArrayList<>()).add(time);
            }
            List<String> expected = new ArrayList<>();
            long start = byTime.firstKey();
            long last = start;
            int count = 0;
            for (long time : byTime.keySet()) {
                if (time - last >= 10) {
                    expected.add("[" + start + "," + (last + 10) + ") k " + count);
                    start = time;
                    count = 0;
                }
                last = time;
                count += byTime.get(time).size();
            }
            expected.add("[" + start + "," + (last + 10) + ") k " + count);
            assertThat(bench.closeAll()).isEqualTo(expected);
        }
    }

    @Test
    void aGapSeparatesAndOneLessDoesNot() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 100, 0, Emission.FINAL));
        bench.feed(0, "a");
        bench.feed(10, "a");
        bench.feed(19, "a");
        bench.feed(-10, "a");
        assertThat(bench.closeAll()).containsExactly("[-10,0) a 1", "[0,10) a 1", "[10,29) a 2");
    }

    @Test
    void closesWhenTheWatermarkReachesItsEndAndInOrderOfEndsThenKeys() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 0, Emission.FINAL));
        bench.feed(3, "b");
        bench.feed(3, "a");
        bench.feed(5, "a");
        bench.feed(5, "c");
        assertThat(bench.feed(12, "x")).isEmpty();
        assertThat(bench.feed(13, "x")).containsExactly("[3,13) b 1");
        assertThat(bench.feed(15, "x")).containsExactly("[3,15) a 2", "[5,15) c 1");
    }

    @Test
    void isLateWhenItsOwnSessionWouldHaveEndedAndItJoinsNone() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 5, 0, Emission.FINAL));
        bench.feed(12, "a");
        bench.feed(20, "b");
        assertThat(bench.feed(5, "b")).as("[5,15) ended at 15").containsExactly("late");
        assertThat(bench.feed(6, "b")).as("[6,16) has not").isEmpty();
        assertThat(bench.feed(4, "a")).as("ended, but joins what is open").isEmpty();
        assertThat(bench.feed(27, "x")).containsExactly("[6,16) b 1", "[4,22) a 2");
    }

    @Test
    void bridgesAndGoesByANewName() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 100, 0, Emission.UPDATES));
        bench.feed(0, "a");
        bench.feed(18, "a");
        assertThat(bench.checkpoint()).containsExactly("[0,10) a 1 r1", "[18,28) a 1 r1");
        assertThat(bench.feed(9, "a")).isEmpty();
        assertThat(bench.checkpoint()).containsExactly("[0,28) a 3 r2 for [0,10)[18,28)", "forget 18");
        assertThat(bench.feed(-5, "a")).isEmpty();
        assertThat(bench.checkpoint()).containsExactly("[-5,28) a 4 r3 for [0,28)", "forget 0");
        assertThat(bench.closeAll()).containsExactly("[-5,28) a 4 r4 final");
        assertThat(bench.checkpoint()).containsExactly("forget -5");
    }

    @Test
    void aClosedSessionIsCorrectedAndMayOpenAgain() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 20, Emission.FINAL));
        bench.feed(0, "a");
        assertThat(bench.feed(12, "x")).containsExactly("[0,10) a 1 r1 final");
        assertThat(bench.feed(1, "a")).containsExactly("[0,11) a 2 r2 final for [0,10)");
        assertThat(bench.feed(5, "a")).as("ends at 15 now").isEmpty();
        assertThat(bench.engine.openWindows()).isEqualTo(2);
        assertThat(bench.feed(15, "x")).containsExactly("[0,15) a 3 r3 final for [0,11)");
        assertThat(bench.feed(34, "y")).containsExactly("[12,25) x 2 r1 final");
        assertThat(bench.feed(0, "a")).containsExactly("[0,15) a 4 r4 final");
        assertThat(bench.feed(35, "y")).as("expired, never written").isEmpty();
        assertThat(bench.feed(0, "a")).containsExactly("late");
    }

    /** Rows that differ only in a count: the second stands beside the first, the fourth takes the third's place. */
    @Test
    void aRowSaysWhichItReplaces() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 100, Emission.FINAL));
        bench.feed(0, "k");
        assertThat(bench.feed(20, "x")).containsExactly("[0,10) k 1 r1 final");
        assertThat(bench.feed(9, "k")).containsExactly("[0,19) k 2 r2 final for [0,10)");
        HandFedEngine apart = new HandFedEngine(spec(TEN, 0, 0, Emission.UPDATES));
        apart.feed(5, "k");
        assertThat(apart.feed(15, "x")).containsExactly("[5,15) k 1 r1 final");
        apart.feed(14, "k");
        assertThat(apart.feed(5, "k"))
                .as("prolongs what is open back over what has closed")
                .isEmpty();
        assertThat(apart.checkpoint()).contains("[5,24) k 2 r1");
    }

    /** Sessions that no row has shown as one are all replaced by the next row. */
    @Test
    void aRowReplacesThoseOfAllThatBecameOne() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 100, 0, Emission.UPDATES));
        bench.feed(30, "k");
        bench.feed(0, "k");
        bench.checkpoint();
        bench.feed(15, "k");
        bench.checkpoint();
        bench.feed(22, "k");
        bench.feed(7, "k");
        assertThat(bench.checkpoint())
                .containsExactly("[0,40) k 5 r2 for [0,10)[15,25)[30,40)", "forget 30", "forget 15");
    }

    @Test
    void aTotalTakesEverythingUntilItsKeyFallsSilent() {
        HandFedEngine bench = new HandFedEngine(spec(TOTAL_OF_TEN, 0, 0, Emission.UPDATES));
        bench.feed(100, "a");
        bench.feed(109, "a");
        assertThat(bench.feed(-50, "a")).as("however old").isEmpty();
        assertThat(bench.checkpoint()).containsExactly("[0,119) a 3 r1");
        assertThat(bench.feed(99, "b")).containsExactly("late");
        assertThat(bench.feed(118, "b")).isEmpty();
        assertThat(bench.feed(119, "b")).containsExactly("[0,119) a 3 r2 final");
        assertThat(bench.feed(119, "a")).isEmpty();
        assertThat(bench.checkpoint()).containsExactly("[0,129) b 2 r1", "[0,129) a 1 r1", "forget 0");
        assertThat(bench.closeAll()).as("a silent source does not end totals").isEmpty();
    }

    @Test
    void aTotalForEverIsNeverLateAndNeverFinal() {
        HandFedEngine bench = new HandFedEngine(spec(new WindowKind.Totals(null), 0, 0, Emission.UPDATES));
        bench.feed(100, "a");
        bench.feed(-1_000_000, "a");
        assertThat(bench.checkpoint()).containsExactly("[0," + Long.MAX_VALUE + ") a 2 r1");
        assertThat(bench.engine.openWindows()).isZero();
        assertThat(bench.closeAll()).isEmpty();
    }

    @Test
    void oldUpdatesLeaveThoughYoungerOnesWait() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 100, 0, Emission.UPDATES));
        bench.feed(0, "a");
        bench.feed(0, "b");
        bench.feed(1, "a");
        List<Long> written = new ArrayList<>();
        bench.engine.earlyRows().send(1, 1, bench);
        bench.engine.checkpoint(1, 3, 1, bench, (entry, appliedUpTo) -> written.add(entry.revision()));
        assertThat(bench.take()).containsExactly("[0,11) a 2 r1");
        assertThat(written).as("all that changed is written").containsExactlyInAnyOrder(1L, 0L);
        assertThat(bench.engine.earlyRows().oldestUnsent()).isEqualTo(1);
    }

    @Test
    void writesAllOrNothingAndOnlyWhatOutlivesACut() {
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 0, Emission.FINAL));
        bench.feed(0, "a");
        bench.feed(5, "b");
        assertThat(bench.entries(0, 3)).as("too young and too few").isEmpty();
        assertThat(bench.engine.recoveryOffset()).isZero();
        assertThat(bench.feed(20, "c")).containsExactly("[0,10) a 1", "[5,15) b 1");
        assertThat(bench.entries(0, 1)).as("as many as may be").containsExactly("20 c");
        assertThat(bench.take()).as("tombstones of what was never written").isEmpty();
        assertThat(bench.engine.recoveryOffset()).isEqualTo(3);
        assertThat(bench.engine.recoveryWatermark()).isEqualTo(20);
        bench.feed(30, "d");
        assertThat(bench.engine.recoveryWatermark()).isEqualTo(20);
        assertThat(bench.entries(3, 3)).isEmpty();
        assertThat(bench.entries(4, 3)).as("old enough").containsExactly("30 d");
        assertThat(bench.take()).containsExactly("forget 20");
    }

    @Test
    void refusesEntriesThatAreNoneOfItsOwn() {
        byte[] key = "k".getBytes(StandardCharsets.UTF_8);
        HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 0, Emission.FINAL));
        bench.beginRestore(9, 30);
        assertThatThrownBy(() -> restore(bench, 5, 1, key, 20)).hasMessageContaining("number 1");
        assertThatThrownBy(() -> restore(bench, 5, 0, key, 15))
                .hasMessageContaining("starts at 5 ms and ends at 30 ms, which had closed");
        restore(bench, 5, 0, key, 20);
        assertThatThrownBy(() -> restore(bench, 26, 0, key, 1)).hasMessageContaining("one session, from 26 and from 5");
        assertThatThrownBy(() -> bench.restore().replayEarlyRows(7)).hasMessageContaining("when their session closes");
        HandFedEngine older = new HandFedEngine(spec(TEN, 0, 0, Emission.FINAL));
        older.beginRestore(8, 30);
        assertThatThrownBy(() -> restore(older, 25, 0, key, 20))
                .hasMessageContaining("applied up to offset 9, beyond the recovery offset 8");
    }

    /** Older versions did not write which rows stand for a session. Usually that follows from the rest. */
    @Test
    void readsEntriesThatDoNotSayWhichRowsStandForThem() {
        HandFedEngine updates = new HandFedEngine(spec(TEN, 0, 0, Emission.UPDATES));
        updates.beginRestore(9, 0);
        restoreFormer(updates, "never shown", 0, 7);
        restoreFormer(updates, "shown", 3, 0);
        assertThatThrownBy(() -> restoreFormer(updates, "changed", 3, 7))
                .isInstanceOf(FormerEntryException.class)
                .hasMessage("the session that starts at 5 ms and ends at 20 ms has changed since its last row, whose"
                        + " window it does not tell");
        assertThat(shown(updates))
                .containsExactly("revision 0 unsent 6 shown ", "revision 3 unsent nothing shown [5,20)");
        HandFedEngine corrections = new HandFedEngine(spec(TEN, 0, 100, Emission.FINAL));
        corrections.beginRestore(9, 20);
        restoreFormer(corrections, "closed", 3, 0);
        assertThat(shown(corrections)).containsExactly("revision 3 unsent nothing shown [5,20)");
        HandFedEngine open = new HandFedEngine(spec(TEN, 0, 100, Emission.FINAL));
        open.beginRestore(9, 19);
        restoreFormer(open, "not closed yet", 0, 0);
        assertThatThrownBy(() -> restoreFormer(open, "opened again", 3, 0)).isInstanceOf(FormerEntryException.class);
    }

    private static List<String> shown(HandFedEngine bench) {
        return EngineView.rows(bench.engine).stream()
                .map(row -> row.numbers().substring(row.numbers().indexOf("revision")))
                .sorted()
                .toList();
    }

    /** An entry of a session [5,20) as former versions wrote it. */
    private static void restoreFormer(HandFedEngine bench, String name, long revision, long unsent) {
        StateOutput out = new StateOutput();
        out.writeSigned(5);
        out.writeUnsigned(revision);
        out.writeUnsigned(unsent);
        Aggregates aggregates = HandFedEngine.aggregates();
        aggregates.write(aggregates.newAccumulators(), out);
        byte[] key = name.getBytes(StandardCharsets.UTF_8);
        bench.restore().entry(5, 0, key, 0, key.length, 9, new StateInput(out.toByteArray()));
    }

    /** Damage that no checksum notices, since there is none between engine and format. */
    @Test
    void refusesRowsThatCannotStandForTheSession() {
        for (long[] shown :
                new long[][] {{2, 0, 16}, {2, 10, 0}, {2, 0, Long.MAX_VALUE}, {3, 0, 10, 0, 6}, {2, -1, 3}}) {
            HandFedEngine bench = new HandFedEngine(spec(TEN, 0, 0, Emission.UPDATES));
            bench.beginRestore(9, 0);
            StateOutput out = new StateOutput();
            out.writeSigned(5);
            out.writeUnsigned(3);
            out.writeUnsigned(7);
            Aggregates aggregates = HandFedEngine.aggregates();
            aggregates.write(aggregates.newAccumulators(), out);
            for (long number : shown) {
                out.writeUnsigned(number);
            }
            assertThatThrownBy(() ->
                            bench.restore().entry(5, 0, new byte[] {'k'}, 0, 1, 9, new StateInput(out.toByteArray())))
                    .isInstanceOf(DamagedException.class);
        }
    }

    /** An entry whose last event comes this long after its first. */
    private static void restore(HandFedEngine bench, long start, int ordinal, byte[] key, long length) {
        StateOutput out = new StateOutput();
        out.writeSigned(length);
        Aggregates aggregates = HandFedEngine.aggregates();
        aggregates.write(aggregates.newAccumulators(), out);
        bench.restore().entry(start, ordinal, key, 0, key.length, 9, new StateInput(out.toByteArray()));
    }
}
