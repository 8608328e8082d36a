package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.LAZY;
import static io.tally.pipeline.partition.HandFedPartition.RULES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tally.aggregate.AggregateInput;
import io.tally.aggregate.CustomAggregate;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.WeightedMean;
import io.tally.checkpoint.CommitMetadata;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Divergence;
import io.tally.pipeline.Loss;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimTransaction;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** Everything that makes recovery a guess is refused, with the numbers and a way out. */
class RestorationRefusalTest {
    private static final String START_ANEW = "To start anew from offsets of your choice";
    private static final String RESET_COMMAND =
            "kafka-consumer-groups.sh --bootstrap-server HOST:PORT --group tally-sim --topic events --reset-offsets";

    private static final SimWindow SESSIONS = new SimWindow(SimWindow.Kind.SESSION, 10, 10, 0, false);

    /** At offset 43: window [0, 10) open with keys a and b, both stored. */
    private final HandFedPartition stored = history(EAGER);
    /** The same, with all three records to be replayed. */
    private final HandFedPartition unstored = history(LAZY);

    private static HandFedPartition history(CheckpointPolicy policy) {
        HandFedPartition bench = new HandFedPartition(policy);
        bench.add("a", 1, 10).add("b", 2, 20).add("a", 3, 30).commit();
        return bench;
    }

    @Test
    void restoresWhatIsInOrder() {
        assertThat(Simulation.SOURCE).hasToString("events-0");
        assertThat(stored.restore().position().metadata().recoveryOffset()).isEqualTo(43);
        assertThat(unstored.restore().position().metadata().recoveryOffset()).isEqualTo(40);
    }

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
    void expiredOffset() {
        Refusal refusal = refusal(stored, stored.state(), new Committed(false, 0, "", 0, 50));
        assertThat(refusal.problem())
                .contains("group tally-sim has no committed offset for events-0", "since offset 40", "expired");
        assertThat(refusal.remedy()).contains("say where to begin", START_ANEW);
    }

    @Test
    void offsetResetByHand() {
        Refusal refusal = refusal(stored, stored.state(), new Committed(true, 7, "", 0, 50));
        assertThat(refusal.problem()).contains("offset 7 of events-0", "since offset 40", "reset by hand");
        assertThat(refusal.remedy()).contains(START_ANEW);
    }

    @Test
    void offsetMovedByAToolThatKeepsMetadata() {
        String metadata = unstored.kafka.committed().metadata();
        for (long moved : new long[] {42, 44}) {
            Refusal refusal = refusal(unstored, unstored.state(), new Committed(true, moved, metadata, 0, 50));
            assertThat(refusal.problem())
                    .contains("offset " + moved + " of events-0", "carries the metadata of offset 43");
            assertThat(refusal.remedy()).contains("set the offset back to 43", START_ANEW);
        }
    }

    @Test
    void metadataOfANewerVersion() {
        Committed committed = new Committed(true, 43, "tally99 w=17 something=new", 0, 50);
        Refusal refusal = refusal(stored, stored.state(), committed);
        assertThat(refusal.problem())
                .contains(
                        "offset 43 of events-0",
                        "format 'tally99'",
                        "knows only 'tally1', 'tally2', 'tally3', 'tally4', 'tally5', 'tally6', 'tally7', 'tally8' and 'tally9'",
                        "'tally99 w=17 something=new'");
        assertThat(refusal.remedy()).contains("run that version", START_ANEW);
    }

    @Test
    void editedMetadata() {
        String edited = stored.kafka.committed().metadata().replace("r=43", "r=42");
        assertThat(refusal(stored, stored.state(), new Committed(true, 43, edited, 0, 50))
                        .problem())
                .contains("checksum", edited);
    }

    @Test
    void otherWindowsWhileSomeAreOpen() {
        PipelineSpec other =
                RULES.withStructure(SimWindow.tumbling(20), RULES.aggregates()).spec(EAGER, 100);
        Refusal refusal = refusal(stored, Simulation.SOURCE, other);
        assertThat(refusal.problem())
                .contains("At offset 43 of events-0", "another key, window or aggregate")
                .contains(RULES.fingerprint().structure());
        assertThat(refusal.remedy()).contains("run with the old configuration until they have closed", START_ANEW);
        assertThat(refusal(unstored, Simulation.SOURCE, other).problem()).contains("another key, window or aggregate");
    }

    @Test
    void otherAggregatesWhenAllWindowsHaveClosed() {
        stored.commit((processor, transaction) -> {
            // A filtered record closes the window and opens none.
            processor.to(transaction).process(filtered(43, 50));
            return processor.to(transaction).completeBatch(44, 9);
        });
        PipelineSpec other = RULES.withStructure(SimWindow.tumbling(7), List.of(SimAggregate.LAST))
                .spec(EAGER, 100);
        PartitionProcessor restored =
                stored.restore(Simulation.SOURCE, other, stored.state(), stored.kafka.committed());
        assertThat(restored.openEntries()).isZero();
        assertThat(restored.position().metadata().watermark()).isEqualTo(50);
    }

    @Test
    void otherFilterWhileRecordsAreToBeReplayed() {
        PipelineSpec other = RULES.withFilterBelow(3).spec(LAZY, 100);
        Refusal refusal = refusal(unstored, Simulation.SOURCE, other);
        assertThat(refusal.problem())
                .contains(
                        "records 40 to 43 of events-0",
                        "must be replayed",
                        RULES.fingerprint().replay());
        assertThat(refusal.remedy()).contains("SIGTERM");
        assertThat(stored.restore(Simulation.SOURCE, other, stored.state(), stored.kafka.committed())
                        .openEntries())
                .as("with nothing to replay it may change")
                .isEqualTo(2);
    }

    @Test
    void sourceTrimmedBeyondTheRecoveryOffset() {
        unstored.kafka.trimSource(41);
        Refusal refusal = refusal(unstored, unstored.state(), unstored.kafka.committed());
        assertThat(refusal.problem()).contains("events-0 begins at offset 41", "from 40", "to rebuild open windows");
        assertThat(refusal.remedy()).contains("raise the retention of events", START_ANEW);
    }

    @Test
    void sourceTrimmedBeyondTheCommittedOffset() {
        stored.kafka.trimSource(44);
        assertThat(refusal(stored, stored.state(), stored.kafka.committed()).problem())
                .contains("begins at offset 44", "from 43", "never counted");
    }

    @Test
    void newPipelineWhoseOffsetIsTrimmed() {
        assertThat(refusal(stored, List.of(), new Committed(true, 5, "", 6, 50)).problem())
                .contains("begins at offset 6", "from 5", "never counted");
    }

    @Test
    void truncatedSource() {
        Refusal refusal = refusal(
                stored,
                stored.state(),
                new Committed(true, 43, stored.kafka.committed().metadata(), 0, 42));
        assertThat(refusal.problem()).contains("committed offset 43 of events-0", "beyond its end 42");
        assertThat(refusal.remedy()).contains(START_ANEW);
    }

    /** It is as long as it was, or longer; and that comes before what could be mended. */
    @Test
    void sourceTruncatedAndRefilled() {
        Committed committed =
                new Committed(true, 43, stored.kafka.committed().metadata(), 0, 90, new Divergence(7, 41L));
        Refusal refusal = refusal(stored, stored.state(), committed);
        assertThat(refusal.problem())
                .contains("events-0 was truncated", "offset 43 was committed when leader epoch 7", "ends at offset 41");
        assertThat(refusal.remedy())
                .contains("--to-current leaves out what was written since at the offsets 41 to 43", START_ANEW);
        PipelineSpec other =
                RULES.withStructure(SimWindow.tumbling(20), RULES.aggregates()).spec(EAGER, 100);
        assertThatThrownBy(() -> stored.restore(Simulation.SOURCE, other, stored.state(), committed))
                .hasMessageContaining("was truncated");

        Committed unknown =
                new Committed(true, 43, stored.kafka.committed().metadata(), 0, 90, new Divergence(7, null));
        assertThat(refusal(stored, stored.state(), unknown).problem()).contains("does not know that epoch any more");
        assertThat(refusal(stored, List.of(), new Committed(true, 43, "", 0, 90, new Divergence(7, 41L)))
                        .problem())
                .as("of a new pipeline")
                .contains("was truncated");
    }

    /** By the note, whatever the source looks like now. */
    @Test
    void sourceThatWasTruncatedOnce() {
        Committed found = stored.kafka.committed();
        CommitMetadata metadata = CommitMetadata.parse(found.metadata());
        Committed beyond = new Committed(true, 43, found.metadata(), 0, 42);
        assertThatThrownBy(() -> stored.restore(Simulation.SOURCE, stored.spec, stored.state(), beyond))
                .isInstanceOfSatisfying(
                        RefusedException.class, e -> assertThat(e.loss()).isEqualTo(new Loss(metadata, 42)));
        CommitPoint note = new Loss(metadata, 42).note("writer");
        Refusal refusal = refusal(
                stored,
                stored.state(),
                new Committed(true, note.offset(), note.metadata().format(), 0, 90));
        assertThat(refusal.problem())
                .contains("events-0 was once found to have lost records", "before offset 43, from offset 42 on");
        assertThat(refusal.remedy()).contains("--to-current leaves out", START_ANEW);
    }

    @Test
    void sourceTruncatedWhileItWasReplayed() {
        Restoration restoration = new Restoration(Simulation.SOURCE, unstored.spec);
        unstored.state().forEach(message -> restoration.state(message.offset(), message.key(), message.value()));
        restoration.load(unstored.kafka.committed());
        restoration.checkReplayed(null);
        assertThatThrownBy(() -> restoration.checkReplayed(new Divergence(7, 41L)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("offset 43 was committed when leader epoch 7");
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

    @Test
    void recreatedSourceTopic() {
        SourcePartition other = new SourcePartition("sim", "tally-sim", "events", "another-id", 0, 3, false, "s", null);
        Refusal refusal = refusal(stored, other, stored.spec);
        assertThat(refusal.problem()).contains("deleted and created again", "another-id", "bM0VsOhVQQ6q9k");
        assertThat(refusal.remedy()).contains(START_ANEW);
    }

    @Test
    void morePartitions() {
        SourcePartition other =
                new SourcePartition("sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 4, false, "s", null);
        Refusal refusal = refusal(stored, other, stored.spec);
        assertThat(refusal.problem()).contains("has 4 partitions", "had 3", "keys have moved");
        assertThat(refusal.remedy()).contains("shuffle", START_ANEW);
    }

    @Test
    void compactedSourceWithRecordsToReplay() {
        SourcePartition compacted =
                new SourcePartition("sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 3, true, "s", null);
        Refusal refusal = refusal(unstored, compacted, unstored.spec);
        assertThat(refusal.problem()).contains("records 40 to 43 of events-0", "compacted");
        assertThat(refusal.remedy()).contains("cleanup.policy", "DescribeConfigs", START_ANEW);

        assertThat(stored.restore(compacted, stored.spec, stored.state(), stored.kafka.committed())
                        .nextOffset())
                .as("nothing to replay")
                .isEqualTo(43);
    }

    @Test
    void tooManyOpenEntries() {
        PipelineSpec small = RULES.spec(EAGER, 2);
        PartitionProcessor full = stored.restore(Simulation.SOURCE, small, stored.state(), stored.kafka.committed());
        SimTransaction transaction = stored.kafka.begin(-1, Integer.MAX_VALUE);
        stored.add("b", 4, 1).add("c", 5, 1);
        full.to(transaction).process(stored.source.get(3));
        assertThatThrownBy(() -> full.to(transaction).process(stored.source.get(4)))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("At offset 44 of events-0")
                .hasMessageContaining("has 2 open (window, key) entries in 1 windows")
                .hasMessageContaining("raise tally.pipelines.sim.max-open-entries");
    }

    @Test
    void windowsTakeAllTheHeapTheyMay() {
        HeapBudget heap = new HeapBudget(200_000, "half of a small heap");
        PartitionProcessor full = stored.restore(
                Simulation.SOURCE,
                HandFedPartition.with(RULES.spec(EAGER, Long.MAX_VALUE), heap),
                stored.state(),
                stored.kafka.committed());
        SimTransaction transaction = stored.kafka.begin(-1, Integer.MAX_VALUE);
        for (int i = 0; i < 10_000; i++) {
            stored.add("k" + i, 4, 1);
        }
        assertThatThrownBy(() -> {
                    for (int i = 3; i < 10_000; i++) {
                        full.to(transaction).process(stored.source.get(i));
                    }
                })
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("of events-0, the open windows of the pipeline would take 0.")
                .hasMessageContaining("(half of a small heap)")
                .hasMessageContaining("(window, key) entries are open")
                .hasMessageContaining("more heap (-Xmx)")
                .hasMessageContaining("tally.pipelines.sim.max-open-bytes");
        // The table of rows doubles, so there may be much left.
        assertThat(heap.taken()).isBetween(50_000L, 200_000L);
        full.discard();
        assertThat(heap.taken()).isZero();
    }

    @Test
    void restoreTakesMoreHeapThanWindowsMay() {
        HandFedPartition large = new HandFedPartition(EAGER);
        for (int i = 0; i < 900; i++) {
            large.add("k" + i, 4, 1);
        }
        large.commit();
        large.commit((partition, transaction) -> partition.to(transaction).drain(Integer.MAX_VALUE));
        assertThat(large.storedEntries()).isEqualTo(900);
        HeapBudget heap = new HeapBudget(40_000, "half of a small heap");
        assertThatThrownBy(() -> large.restore(
                        Simulation.SOURCE,
                        HandFedPartition.with(large.spec, heap),
                        large.state(),
                        large.kafka.committed()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("What is committed of events-0 does not fit: the open windows of the pipeline")
                .hasMessageContaining("to restore it")
                .hasMessageContaining("tally.pipelines.sim.max-open-bytes");

        HeapBudget enough = new HeapBudget(200_000, "half of a larger heap");
        PartitionProcessor restored = large.restore(
                Simulation.SOURCE, HandFedPartition.with(large.spec, enough), large.state(), large.kafka.committed());
        assertThat(restored.openEntries()).isEqualTo(900);
        // What was read has gone.
        assertThat(enough.taken()).isLessThan(120_000);
    }

    @Test
    void oneRestorationLoadsOnce() {
        Restoration restoration = new Restoration(Simulation.SOURCE, stored.spec);
        restoration.load(new Committed(true, 5, "", 0, 50));
        assertThatThrownBy(() -> restoration.state(0, new byte[] {1, 'B'}, null))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("loaded already");
    }

    @Test
    void operatorsOffsetOfANewPipelineIsItsBirth() {
        PartitionProcessor fresh =
                stored.restore(Simulation.SOURCE, stored.spec, List.of(), new Committed(true, 42, "by hand", 0, 50));
        CommitMetadata metadata = fresh.position().metadata();
        assertThat(metadata.birthOffset()).isEqualTo(42);
        assertThat(fresh.nextOffset()).isEqualTo(42);
        assertThat(fresh.isCommitDue(0)).as("the birth is due").isTrue();
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
                bench.state().stream().map(RestorationRefusalTest::former).toList();
        assertThat(bench.restore(Simulation.SOURCE, bench.spec, closed, bench.kafka.committed())
                        .openEntries())
                .as("the row of one that is as it was when it closed is known")
                .isEqualTo(2);
        bench.add("a", 10, 10).add("a", 19, 10).commit();
        List<StateLog.Message> opened =
                bench.state().stream().map(RestorationRefusalTest::former).toList();
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

    /** Where sessions are merged in a replay; another process may have another version of the function. */
    @Test
    void aFunctionThatFailsInAReplay() {
        SimRules sessions = RULES.withStructure(SESSIONS, RULES.aggregates()).withGrace(100);
        HandFedPartition bench = new HandFedPartition(sessions, LAZY);
        bench.add("a", 1, 10).add("a", 15, 10).add("a", 8, 10).commit();
        Refusal refusal = refusal(bench, Simulation.SOURCE, withFunction(bench.spec, new BrokenMean()));
        assertThat(refusal.problem())
                .contains("Before offset 43 of events-0, method merge of aggregate 'broken'", "/ by zero");
        assertThat(refusal.remedy()).contains("correct the function, then restart", "nothing is lost");
    }

    @Test
    void resultsAreNotAskedForInAReplay() {
        HandFedPartition bench = new HandFedPartition(RULES.withStructure(SESSIONS, RULES.aggregates()), LAZY);
        bench.add("a", 1, 10).add("a", 50, 10).commit();
        PipelineSpec other = withFunction(bench.spec, new BrokenMean());
        PartitionProcessor restored = bench.restore(Simulation.SOURCE, other, bench.state(), bench.kafka.committed());
        assertThat(restored.openEntries()).isOne();
    }

    @Test
    void aFunctionThatCannotReadItsAccumulators() {
        WeightedMean broken = new WeightedMean() {
            @Override
            public Sums read(byte[] bytes) {
                throw new ArithmeticException("/ by zero");
            }
        };
        HandFedPartition bench = new HandFedPartition(EAGER);
        bench.spec = withFunction(bench.spec, new WeightedMean() {
            @Override
            public Sums add(Sums sums, AggregateInput input) {
                return sums;
            }
        });
        bench.processor = bench.restore();
        bench.add("a", 1, 10).commit();
        Refusal refusal = refusal(bench, Simulation.SOURCE, withFunction(bench.spec, broken));
        assertThat(refusal.problem()).contains("state-0 holds an accumulator for which method read of", "/ by zero");
        assertThat(refusal.remedy())
                .contains("correct the function", "nothing is lost")
                .doesNotContain(START_ANEW);
    }

    private static PipelineSpec withFunction(PipelineSpec spec, CustomAggregate<?> function) {
        return HandFedPartition.with(spec, CustomAggregates.of("broken", function, List.of(0, 1)), spec.decoders());
    }

    private static final class BrokenMean extends WeightedMean {
        @Override
        public Sums add(Sums sums, AggregateInput input) {
            return sums;
        }

        @Override
        public Sums merge(Sums left, Sums right) {
            throw new ArithmeticException("/ by zero");
        }

        @Override
        public Object result(Sums sums) {
            throw new ArithmeticException("/ by zero");
        }
    }

    private static SimRecord filtered(long offset, long time) {
        SimRecord record = SimRecord.of(
                offset,
                HandFedPartition.text("k"),
                time,
                -1,
                java.math.BigDecimal.ONE,
                java.math.BigDecimal.ONE,
                "filtered");
        return record;
    }

    private static Refusal refusal(HandFedPartition bench, List<StateLog.Message> state, Committed committed) {
        return catchThrowableOfType(
                        RefusedException.class, () -> bench.restore(Simulation.SOURCE, bench.spec, state, committed))
                .refusal();
    }

    private static Refusal refusal(HandFedPartition bench, SourcePartition partition, PipelineSpec spec) {
        return catchThrowableOfType(
                        RefusedException.class,
                        () -> bench.restore(partition, spec, bench.state(), bench.kafka.committed()))
                .refusal();
    }
}
