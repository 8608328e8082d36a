package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Times that may be one of two, 100 ms apart, which the latest time before them tells. */
class OrderedDecodingTest {
    private static final long CHANGE = 100;
    private static final SimRules RULES = new SimRules(
            SimWindow.tumbling(10), 7, 0, "v1", List.of(SimAggregate.COUNT, SimAggregate.SUM), CHANGE, false);
    private static final PipelineSpec SPEC = RULES.spec(HandFedPartition.EAGER, 100);
    private static final SourcePartition COMBINE = new SourcePartition(
            "sim",
            "tally-sim",
            "events",
            "bM0VsOhVQQ6q9k",
            0,
            3,
            false,
            "tally-sim-events-state",
            new ShuffleSide(StageKind.COMBINE, "shuffle", 4, "events", "tally-sim"));

    /** A combine stage replays nothing, but its next record depends on those before all the same. */
    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "COMBINE"})
    void theNextOwnerReadsOnAsTheLastOneWould(StageKind stage) {
        Kept kept = after(partition(stage), 200);
        assertThat(kept.metadata.latestTime()).isEqualTo(200);

        assertThat(watermarkAfter(kept, 150)).as("150 is as near as 250").isEqualTo(200 - 7);
        assertThat(watermarkAfter(kept, 149)).as("249 is nearer than 149").isEqualTo(249 - 7);
        assertThat(watermarkAfter(kept, 205)).as("205 is nearer than 305").isEqualTo(205 - 7);
    }

    /** The offset was committed by a configuration, or a version, to which the order was nothing. */
    @ParameterizedTest
    @EnumSource(names = {"DIRECT", "COMBINE"})
    void beginsWithWhatTheWatermarkTellsWhereNothingElseDoes(StageKind stage) {
        Kept kept = after(partition(stage), 200);
        assertThat(watermarkAfter(kept.with(withoutOrder(kept.metadata, 1)), 149))
                .isEqualTo(249 - 7);
    }

    @Test
    void refusesToReplayWithoutKnowingTheOrder() {
        Kept kept = after(Simulation.SOURCE, 200);
        assertThatThrownBy(() -> restored(kept.with(withoutOrder(kept.metadata, 0))))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("must be replayed");
    }

    private static SourcePartition partition(StageKind stage) {
        return stage == StageKind.COMBINE ? COMBINE : Simulation.SOURCE;
    }

    /** However long the state topic lags behind, it costs little memory, and a replay begins little earlier. */
    @Test
    void aReplayBeginsShortlyBeforeTheOldestChange() {
        Random random = new Random(5);
        ReplayStarts starts = new ReplayStarts(start(5));
        long next = 5;
        long oldest = 5;
        long lag = 1;
        for (int i = 0; i < 1_000_000; i++) {
            next += 1 + random.nextInt(20);
            starts.add(start(next));
            lag = random.nextInt(200_000) == 0 ? 1 + random.nextInt(5_000_000) : lag;
            oldest = Math.max(oldest, next - lag);
            ReplayStarts.Start start = starts.at(oldest);
            if (!start.equals(start(start.offset()))
                    || start.offset() > oldest
                    || oldest - start.offset() > 20 + (next - oldest) / 100) {
                assertThat(start.offset()).as("of %s to %s", oldest, next).isEqualTo(oldest);
            }
        }
        assertThat(starts.at(next)).as("the last stays").isEqualTo(start(next));
    }

    private static ReplayStarts.Start start(long offset) {
        return new ReplayStarts.Start(offset, offset, "after" + offset);
    }

    @Test
    void aCutStaysWhereItIs() {
        ReplayStarts starts = new ReplayStarts(start(5));
        for (long offset = 6; offset < 100_000; offset++) {
            starts.add(start(offset));
            assertThat(starts.at(5).offset()).isEqualTo(5);
        }
    }

    /** State and metadata of a partition that has read one record. */
    private record Kept(SourcePartition partition, CommitMetadata metadata, List<StateLog.Message> state) {
        Kept with(CommitMetadata other) {
            return new Kept(partition, other, state);
        }
    }

    private static Kept after(SourcePartition partition, long time) {
        Restoration restoration = new Restoration(partition, SPEC);
        restoration.load(new Committed(false, 0, "", 0, 9));
        State state = new State();
        CommitPoint point = read(restoration.complete(Simulation.ID), sound(0, time), state);
        return new Kept(partition, point.metadata(), state.written);
    }

    private static SimRecord sound(long offset, long time) {
        return SimRecord.of(offset, new byte[] {1}, time, 5, BigDecimal.ONE, BigDecimal.ONE, "r");
    }

    private static CommitPoint read(PartitionProcessor processor, SimRecord record, Outbox outbox) {
        processor.to(outbox).process(record);
        return processor.to(outbox).completeBatch(record.offset() + 1, 0);
    }

    private static PartitionProcessor restored(Kept kept) {
        Restoration restoration = new Restoration(kept.partition, SPEC);
        kept.state.forEach(message -> restoration.state(message.offset(), message.key(), message.value()));
        restoration.load(new Committed(true, 1, kept.metadata.format(), 0, 9));
        return restoration.complete(Simulation.ID);
    }

    /** The watermark after a record whose time is this one or a change later. */
    private static long watermarkAfter(Kept kept, long earlier) {
        SimRecord record = sound(1, earlier).ambiguous(earlier, earlier);
        return read(restored(kept), record, new State()).metadata().watermark();
    }

    private static CommitMetadata withoutOrder(CommitMetadata metadata, long recoveryOffset) {
        return new CommitMetadata(
                metadata.offset(),
                metadata.watermark(),
                recoveryOffset,
                null,
                metadata.birthOffset(),
                metadata.ledger(),
                metadata.storedEntries(),
                metadata.storedDigest(),
                metadata.fingerprint(),
                metadata.transactionalId());
    }

    /** Keeps what goes to the state topic. */
    private static final class State extends Nowhere {
        final List<StateLog.Message> written = new ArrayList<>();

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            written.add(new StateLog.Message(written.size(), key, value));
        }
    }
}
