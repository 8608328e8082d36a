package io.tally.pipeline;

import io.tally.checkpoint.Fingerprint;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.util.List;

/**
 * A pipeline's configuration in the simulation.
 *
 * @param size of windows, milliseconds
 * @param grace milliseconds
 * @param filterBelow records with a smaller tag are filtered
 * @param sinkPrefix begins every sink row: stands for the sink's format
 */
record SimRules(long size, long grace, int filterBelow, String sinkPrefix, List<SimAggregate> aggregates) {

    /** Far longer than other steps of a simulation take. */
    static final Duration IDLE = Duration.ofHours(1);

    Fingerprint fingerprint() {
        return Fingerprint.of(size + " " + aggregates, size + " " + grace + " " + filterBelow);
    }

    PipelineSpec spec(CheckpointPolicy policy, long maxOpenEntries) {
        return new PipelineSpec(
                "sim",
                StageKind.DIRECT,
                WindowSpec.of(Windowing.tumbling(Duration.ofMillis(size)), Duration.ofMillis(grace)),
                IDLE,
                maxOpenEntries,
                aggregates.stream().map(aggregate -> aggregate.function).toList(),
                SimCodec.FIELDS,
                () -> new SimCodec(this),
                () -> new SimCodec(this),
                policy,
                fingerprint());
    }

    SimRules withGrace(long other) {
        return new SimRules(size, other, filterBelow, sinkPrefix, aggregates);
    }

    SimRules withFilterBelow(int other) {
        return new SimRules(size, grace, other, sinkPrefix, aggregates);
    }

    SimRules withSinkPrefix(String other) {
        return new SimRules(size, grace, filterBelow, other, aggregates);
    }

    SimRules withStructure(long otherSize, List<SimAggregate> others) {
        return new SimRules(otherSize, grace, filterBelow, sinkPrefix, others);
    }
}
