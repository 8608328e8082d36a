package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static io.tally.pipeline.partition.HandFedPartition.forged;
import static io.tally.pipeline.partition.HandFedPartition.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Ledger;
import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.pipeline.Committed;
import io.tally.pipeline.RefusedException;
import io.tally.simulation.SimRecord;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A damaged state partition is refused, and the refusal says what is wrong with which record. */
class StateDamageTest {
    /**
     * At offset 44: window [10, 20) open with keys a and b, stored at 43 and 44. State partition: a and b of the window
     * before, birth, tombstones of these two, a, marker, b.
     */
    private final HandFedPartition bench = new HandFedPartition(EAGER);

    private List<StateLog.Message> state = List.of();

    @BeforeEach
    void history() {
        bench.add("a", 1, 1).add("b", 2, 2).commit();
        bench.add("a", 11, 4).commit();
        bench.add("b", 12, 8).commit();
        state = bench.state();
    }

    @Test
    void intact() {
        assertThat(bench.restore(Simulation.SOURCE, bench.spec, state, bench.kafka.committed())
                        .openEntries())
                .isEqualTo(2);
    }

    @Test
    void recordWithoutKey() {
        Restoration restoration = new Restoration(Simulation.SOURCE, bench.spec);
        assertThatThrownBy(() -> restoration.state(77, null, text("x")))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("at its offset 77 stands a record without a key");
    }

    @Test
    void recordWithAnEmptyKey() {
        state.add(new StateLog.Message(77, new byte[0], text("x")));
        assertRefused("at its offset 77 stands a record with an empty key");
    }

    @Test
    void recordOfANewerFormat() {
        state.add(new StateLog.Message(77, new byte[] {2, 'E', 0}, text("x")));
        assertRefused("at its offset 77 stands a record of format version 2, and this version knows only 1");
    }

    @Test
    void recordOfAnotherKind() {
        state.add(new StateLog.Message(77, new byte[] {1, 'Z'}, text("x")));
        assertRefused("at its offset 77 stands a record of unknown kind 90");
    }

    @Test
    void keyThatIsCutShort() {
        state.add(new StateLog.Message(77, new byte[] {1}, text("x")));
        assertRefused("at its offset 77 stands a record whose key ends after 1 byte");
        state.set(state.size() - 1, new StateLog.Message(78, new byte[] {1, 'E', 0, 0, 0, 0, 0, 0, 0, 0}, text("x")));
        assertRefused("at its offset 78 stands a record of kind ENTRY with a key of 10 bytes");
    }

    @Test
    void damagedBirthMarker() {
        int at = indexOfBirth();
        byte[] value = state.get(at).value().clone();
        value[value.length - 1]++;
        state.set(at, new StateLog.Message(state.get(at).offset(), state.get(at).key(), value));
        assertRefused("at its offset " + state.get(at).offset() + " stands a record whose checksum is wrong");
    }

    @Test
    void deletedBirthMarker() {
        state.add(new StateLog.Message(77, new byte[] {1, 'B'}, null));
        assertRefused("the state topic tally-sim-events-state-0 holds no birth marker");
    }

    @Test
    void damagedEntry() {
        StateLog.Message last = last();
        last.value()[last.value().length - 1]++;
        assertRefused("it holds a record whose checksum is wrong");
    }

    @Test
    void emptyEntry() {
        state.set(state.size() - 1, new StateLog.Message(77, last().key(), new byte[0]));
        assertRefused("it holds 8 bytes expected at position 0, 0 left");
    }

    @Test
    void lostEntry() {
        state.remove(state.size() - 1);
        assertRefused("it holds 1 entries with digest", "but 2 with digest", "were committed at offset 44");
    }

    @Test
    void entryPutBackToAnOlderVersion() {
        StateLog.Message older = last();
        bench.add("b", 13, 16).commit();
        state = bench.state();
        state.add(new StateLog.Message(77, older.key(), older.value()));
        assertRefused("it holds 2 entries with digest", "but 2 with digest", "were committed at offset 45");
    }

    @Test
    void lostTombstone() {
        state.removeIf(message -> message.value() == null);
        assertRefused("an entry of the window that starts at 0 ms, which had closed");
    }

    @Test
    void entryFromBeyondTheCommittedOffset() {
        state.add(forged(10, "b", 45, 1));
        assertRefused("an entry that is applied up to offset 45, beyond the committed offset 44");
    }

    @Test
    void entryWithAnAbsurdNumber() {
        state.add(forged(10, "c", 44, 3));
        assertRefused("an entry with number 3 where at most 3 can be");
    }

    @Test
    void entryInAnothersPlace() {
        state.add(forged(10, "c", 44, 1));
        assertRefused("two entries claim place 1 of the same window");
    }

    @Test
    void entryBetweenWindows() {
        state.add(forged(15, "c", 44, 0));
        assertRefused("window starts at 15 ms, which no window of this size does");
    }

    @Test
    void emissionThatNobodyNeeds() {
        state.add(emission(0, 44));
        intact();
    }

    @Test
    void emissionFromBeyondTheCommittedOffset() {
        state.add(emission(0, 45));
        assertRefused("a note of updates that left at offset 45, beyond the committed offset 44");
    }

    @Test
    void emissionInAnAbsurdPlace() {
        state.add(emission(1, 44));
        assertRefused("a note of updates in place 1, but only 1 of them");
    }

    @Test
    void deletedEmission() {
        state.add(new StateLog.Message(77, emission(0, 44).key(), null));
        assertRefused("at its offset 77 stands a tombstone where none is ever written");
    }

    private static StateLog.Message emission(int place, long at) {
        StateFormat format = new StateFormat();
        byte[] key = format.emissionKey(place);
        return new StateLog.Message(77, key, format.emissionValue(key, at, at));
    }

    @Test
    void numbersWithAGap() {
        // Everything agrees, but the record that made number 0 is not in the source any more.
        StateLog.Message second = forged(10, "b", 44, 1);
        StateDigest digest = new StateDigest();
        digest.add(new StateFormat().keyChecksum(second.key()), 44, 0);
        CommitMetadata committed = new CommitMetadata(
                44, 12, 43, null, 40, new Ledger(4, 0, 0, 0), 1, digest.sum(), RULES.fingerprint(), Simulation.ID);
        bench.source.set(3, SimRecord.poison(43, null, null));
        List<StateLog.Message> forged = List.of(state.get(indexOfBirth()), second);
        assertThatThrownBy(() -> bench.restore(
                        Simulation.SOURCE, bench.spec, forged, new Committed(true, 44, committed.format(), 40, 50)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("after the replay of 43 to 44, the window that starts at 10 ms has 1 entries")
                .hasMessageContaining("numbering has gaps");
    }

    private int indexOfBirth() {
        for (int i = 0; i < state.size(); i++) {
            if (state.get(i).key().length == 2) {
                return i;
            }
        }
        throw new AssertionError("no birth marker");
    }

    private StateLog.Message last() {
        return state.get(state.size() - 1);
    }

    private void assertRefused(String... findings) {
        RefusedException refused = catchThrowableOfType(
                RefusedException.class,
                () -> bench.restore(Simulation.SOURCE, bench.spec, state, bench.kafka.committed()));
        assertThat(refused).as("refusal").isNotNull();
        assertThat(refused.refusal().problem())
                .containsIgnoringCase("the state topic tally-sim-events-state-0")
                .contains(findings);
        assertThat(refused.refusal().remedy()).contains("To start anew");
    }
}
