package io.tally.simulation;

import io.tally.checkpoint.Fingerprint;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import java.time.Duration;
import java.util.List;

/**
 * A pipeline's configuration in the simulation.
 *
 * @param grace milliseconds
 * @param filterBelow records with a smaller tag are filtered
 * @param sinkPrefix begins every sink row: stands for the sink's format
 * @param clockChange milliseconds between the two instants that an ambiguous time may mean, 0 if there are no such
 *     times
 * @param split whether a record may hold several events
 */
public record SimRules(
        SimWindow window,
        long grace,
        int filterBelow,
        String sinkPrefix,
        List<SimAggregate> aggregates,
        long clockChange,
        boolean split) {

    public SimRules(SimWindow window, long grace, int filterBelow, String sinkPrefix, List<SimAggregate> aggregates) {
        this(window, grace, filterBelow, sinkPrefix, aggregates, 0, false);
    }

    /** Far longer than other steps of a simulation take. */
    static final Duration IDLE = Duration.ofHours(1);

    public Fingerprint fingerprint() {
        return Fingerprint.of(window.structure() + " " + aggregates, grace + " " + filterBelow);
    }

    public PipelineSpec spec(CheckpointPolicy policy, long maxOpenEntries) {
        return new PipelineSpec(
                "sim",
                StageKind.DIRECT,
                window.spec(grace),
                IDLE,
                maxOpenEntries,
                HeapBudget.unlimited(),
                aggregates.stream().map(aggregate -> aggregate.function).toList(),
                SimCodec.FIELDS,
                () -> new SimCodec(this),
                () -> new SimCodec(this),
                policy,
                fingerprint());
    }

    /** Whether a row with these records refuses another. */
    boolean refuse(List<SimRecord> before, SimRecord record) {
        return aggregates.stream().anyMatch(aggregate -> aggregate.refuses(before, record));
    }

    /** What becomes of the records from an offset on, one by one, in transactions that have room for everything. */
    List<String> oneByOne(List<SimRecord> source, long birth) {
        NaiveModel model = window.newModel();
        model.beginAt(birth);
        return source.stream()
                .filter(record -> record.offset() >= birth)
                .flatMap(record -> model.step(record, this).stream())
                .filter(line -> !line.startsWith("tombstone"))
                .toList();
    }

    public SimRules withGrace(long other) {
        return new SimRules(window, other, filterBelow, sinkPrefix, aggregates, clockChange, split);
    }

    public SimRules withFilterBelow(int other) {
        return new SimRules(window, grace, other, sinkPrefix, aggregates, clockChange, split);
    }

    SimRules withSinkPrefix(String other) {
        return new SimRules(window, grace, filterBelow, other, aggregates, clockChange, split);
    }

    public SimRules withStructure(SimWindow other, List<SimAggregate> others) {
        return new SimRules(other, grace, filterBelow, sinkPrefix, others, clockChange, split);
    }
}
