package io.tally.simulation.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.StateFormat;
import io.tally.codec.SourceRecord;
import io.tally.engine.EngineView;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
import io.tally.pipeline.partition.Restoration;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimWindow.Kind;
import io.tally.simulation.StateLog;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** How the next process takes over a partition of a {@link ShuffleSimulation}: from what the broker holds. */
final class ShuffleRestart {
    private final ShuffleSettings settings;
    private final Random random;
    private final List<ShufflePartition<SimRecord>> sources;
    private final Consumer<ShuffleHappening> happened;
    private final StateFormat format = new StateFormat();

    ShuffleRestart(
            ShuffleSettings settings,
            Random random,
            List<ShufflePartition<SimRecord>> sources,
            Consumer<ShuffleHappening> happened) {
        this.settings = settings;
        this.random = random;
        this.sources = sources;
        this.happened = happened;
    }

    /** What another process would find is what this one has. */
    void check(ShufflePartition<?> partition) {
        PartitionProcessor living = partition.processor;
        if (living == null || (!settings.restoresAlways && random.nextInt(3) > 0)) {
            return;
        }
        PartitionProcessor other = restore(partition);
        assertThat(other.position()).isEqualTo(living.position());
        assertThat(other.isBehind()).isEqualTo(living.isBehind());
        if (other.isBehind()) {
            happened.accept(ShuffleHappening.RESTORED_IN_A_STEP);
        }
        assertThat(EngineView.rows(ProcessorView.engine(other)))
                .isEqualTo(EngineView.rows(ProcessorView.engine(living)));
        if (settings.restoresAlways || random.nextBoolean()) {
            partition.processor = other;
        }
    }

    /** The processor that lives, or a new one. */
    PartitionProcessor restored(ShufflePartition<?> partition) {
        if (partition.processor == null) {
            partition.processor = restore(partition);
        }
        return partition.processor;
    }

    private <R extends SourceRecord> PartitionProcessor restore(ShufflePartition<R> partition) {
        Restoration restoration = new Restoration(source(partition), settings.spec(partition.stage));
        Map<String, StateLog.Message> state = new HashMap<>();
        partition.kafka.state.read(random, message -> {
            restoration.state(message.offset(), message.key(), message.value());
            String key = new String(message.key(), StandardCharsets.ISO_8859_1);
            if (message.value() == null) {
                state.remove(key);
            } else {
                state.put(key, message);
            }
        });
        restoration.load(partition.kafka.committed());
        happened(partition.stage, restoration, state);
        partition
                .kafka
                .fetch(restoration.replayFrom(), restoration.replayTo(), Integer.MAX_VALUE)
                .forEach(restoration::replay);
        return restoration.complete("tally-sim:sim:0");
    }

    private void happened(StageKind stage, Restoration restoration, Map<String, StateLog.Message> state) {
        if (stage == StageKind.MERGE && restoration.replayFrom() < restoration.replayTo()) {
            happened.accept(ShuffleHappening.RESTORED_MERGE_WITH_REPLAY);
            if (settings.window.kind() == Kind.SESSION) {
                happened.accept(ShuffleHappening.SESSIONS_RUN_AGAIN);
            }
        } else if (stage == StageKind.MERGE && state.size() > 1) {
            happened.accept(ShuffleHappening.RESTORED_MERGE_FROM_STATE);
        }
        if (state.values().stream().anyMatch(record -> isEmissionAfter(restoration.replayFrom(), record))) {
            happened.accept(ShuffleHappening.EMISSION_REPLAYED);
        }
    }

    private boolean isEmissionAfter(long offset, StateLog.Message record) {
        return format.kind(record.key()) == StateFormat.Kind.EMISSION
                && format.readEmission(record.key(), record.value()).at() > offset;
    }

    private SourcePartition source(ShufflePartition<?> partition) {
        boolean combine = partition.stage == StageKind.COMBINE;
        return new SourcePartition(
                "sim",
                combine ? "tally-sim" : "tally-sim-merge",
                combine ? "events" : "shuffle",
                "bM0VsOhVQQ6q9k",
                partition.number,
                combine ? sources.size() : settings.targets,
                false,
                "state",
                new ShuffleSide(partition.stage, "shuffle", settings.targets, "events", "tally-sim"));
    }
}
