package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.LAZY;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.Committed;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** A state topic that is not what was committed, or not of this pipeline. */
class StateRefusalTest extends RefusedRestorations {
    @Test
    void deletedStateTopic() {
        Refusal refusal = refusal(stored, List.of(), stored.kafka.committed());
        assertThat(refusal.problem())
                .contains("Offset 43 of events-0", "state topic tally-sim-events-state-0", "no birth marker");
        assertThat(refusal.remedy()).contains("set tally.pipelines.sim.state.topic back", START_ANEW, RESET_COMMAND);
    }

    @Test
    void stateTopicDeletedBeforeTheFirstEntry() {
        // No entry is missing, yet open windows may be stored nowhere: it is a birth that is missing.
        assertThat(refusal(unstored, List.of(), unstored.kafka.committed()).problem())
                .contains("no birth marker");
    }

    @Test
    void birthMarkerLostAndOffsetReset() {
        List<StateLog.Message> state = stored.state();
        state.removeIf(message -> message.key().length == 2);
        Refusal refusal = refusal(stored, state, new Committed(true, 41, "", 40, 50));
        assertThat(refusal.problem()).contains("holds 2 entries but no birth marker");
        assertThat(refusal.remedy()).contains("backup", START_ANEW);
    }

    @Test
    void stateOfAnotherGroup() {
        SourcePartition other =
                new SourcePartition("sim", "staging", "events", "bM0VsOhVQQ6q9k", 0, 3, false, "s", null);
        Refusal refusal = refusal(stored, other, stored.spec);
        assertThat(refusal.problem())
                .contains("state topic s-0 belongs to pipeline 'sim' of group 'tally-sim' on topic events")
                .contains("not to pipeline 'sim' of group 'staging'");
        assertThat(refusal.remedy()).contains("tally.pipelines.sim.state.topic");
    }

    @Test
    void stateOfAnotherPipelineOrTopic() {
        assertThat(refusal(
                                stored,
                                new SourcePartition(
                                        "clicks", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 3, false, "s", null),
                                stored.spec)
                        .problem())
                .contains("not to pipeline 'clicks'");
        assertThat(refusal(
                                stored,
                                new SourcePartition(
                                        "sim", "tally-sim", "clicks", "bM0VsOhVQQ6q9k", 0, 3, false, "s", null),
                                stored.spec)
                        .problem())
                .contains("on topic clicks");
    }

    /** As versions left it that wrote sessions in every transaction, and only the sources of a merge by age. */
    @Test
    void sessionsWithoutACutButWithRecordsToBeReplayed() {
        HandFedPartition bench = new HandFedPartition(RULES.withStructure(SESSIONS, RULES.aggregates()), LAZY);
        bench.add("a", 1, 10).commit();
        Committed committed = bench.kafka.committed();
        assertThat(bench.restore().openEntries()).isOne();
        CommitMetadata with = CommitMetadata.parse(committed.metadata());
        CommitMetadata without = new CommitMetadata(
                with.offset(),
                with.watermark(),
                with.recoveryOffset(),
                null,
                with.birthOffset(),
                with.ledger(),
                with.storedEntries(),
                with.storedDigest(),
                with.fingerprint(),
                with.transactionalId());
        Refusal refusal = refusal(bench, bench.state(), new Committed(true, 41, without.format(), 40, 50));
        assertThat(refusal.problem()).contains("records 40 to 41 of events-0", "did not keep what sessions need");
        assertThat(refusal.remedy()).contains("start that version once more and stop it cleanly");
    }

    /** As versions left it that did not write which rows stand for a session. */
    @Test
    void sessionsThatDoNotTellWhichRowsTheNextReplaces() {
        SimWindow corrected = new SimWindow(SimWindow.Kind.SESSION, 10, 10, 100, false);
        HandFedPartition bench = new HandFedPartition(RULES.withStructure(corrected, RULES.aggregates()), EAGER);
        bench.add("a", 1, 10).add("b", 20, 10).commit();
        List<StateLog.Message> closed =
                bench.state().stream().map(StateRefusalTest::former).toList();
        assertThat(bench.restore(Simulation.SOURCE, bench.spec, closed, bench.kafka.committed())
                        .openEntries())
                .as("the row of one that is as it was when it closed is known")
                .isEqualTo(2);
        bench.add("a", 10, 10).add("a", 19, 10).commit();
        List<StateLog.Message> opened =
                bench.state().stream().map(StateRefusalTest::former).toList();
        Refusal refusal = refusal(bench, opened, bench.kafka.committed());
        assertThat(refusal.problem())
                .contains("state topic tally-sim-events-state-0", "starts at 1 ms and ends at 29 ms", "replaces");
        assertThat(refusal.remedy()).contains("start that version once more and stop it cleanly", START_ANEW);
    }

    /** Without the last byte, or the last three, which say which rows stand for the session. */
    private static StateLog.Message former(StateLog.Message message) {
        byte[] value = message.value();
        if (message.key().length == 2 || value == null) {
            return message;
        }
        int more = value[value.length - 1] <= 1 ? 1 : 3;
        byte[] shorter = Arrays.copyOf(value, value.length - more);
        CRC32C crc = new CRC32C();
        crc.update(message.key());
        crc.update(shorter, Long.BYTES, shorter.length - Long.BYTES);
        ByteBuffer.wrap(shorter).putLong(crc.getValue());
        return new StateLog.Message(message.offset(), message.key(), shorter);
    }

    @Test
    void oneRestorationLoadsOnce() {
        Restoration restoration = new Restoration(Simulation.SOURCE, stored.spec);
        restoration.load(new Committed(true, 5, "", 0, 50));
        assertThatThrownBy(() -> restoration.state(0, new byte[] {1, 'B'}, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loaded already");
    }
}
