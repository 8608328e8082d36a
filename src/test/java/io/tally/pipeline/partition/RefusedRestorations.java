package io.tally.pipeline.partition;

import static io.tally.pipeline.partition.HandFedPartition.EAGER;
import static io.tally.pipeline.partition.HandFedPartition.LAZY;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tally.aggregate.CustomAggregate;
import io.tally.aggregate.CustomAggregates;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.Committed;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.status.Refusal;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.util.List;

/**
 * Everything that makes recovery a guess is refused, with the numbers and a way out. The tests are split by cause; here
 * is what they share.
 */
abstract class RefusedRestorations {
    static final String START_ANEW = "To start anew from offsets of your choice";

    static final String RESET_COMMAND =
            "kafka-consumer-groups.sh --bootstrap-server HOST:PORT --group tally-sim --topic events --reset-offsets";

    static final SimWindow SESSIONS = new SimWindow(SimWindow.Kind.SESSION, 10, 10, 0, false);

    /** At offset 43: window [0, 10) open with keys a and b, both stored. */
    final HandFedPartition stored = history(EAGER);

    /** The same, with all three records to be replayed. */
    final HandFedPartition unstored = history(LAZY);

    static HandFedPartition history(CheckpointPolicy policy) {
        HandFedPartition bench = new HandFedPartition(policy);
        bench.add("a", 1, 10).add("b", 2, 20).add("a", 3, 30).commit();
        return bench;
    }

    static PipelineSpec withFunction(PipelineSpec spec, CustomAggregate<?> function) {
        return HandFedPartition.with(spec, CustomAggregates.of("broken", function, List.of(0, 1)), spec.decoders());
    }

    static Refusal refusal(HandFedPartition bench, List<StateLog.Message> state, Committed committed) {
        return catchThrowableOfType(
                        RefusedException.class, () -> bench.restore(Simulation.SOURCE, bench.spec, state, committed))
                .refusal();
    }

    static Refusal refusal(HandFedPartition bench, SourcePartition partition, PipelineSpec spec) {
        return catchThrowableOfType(
                        RefusedException.class,
                        () -> bench.restore(partition, spec, bench.state(), bench.kafka.committed()))
                .refusal();
    }
}
