package io.tally.pipeline.partition;

import io.tally.aggregate.Aggregate;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.decode.RecordDecoder;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.SourcePartition;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimTransaction;
import io.tally.simulation.SimWindow;
import io.tally.simulation.SimulatedKafka;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A partition with a history written by hand, for examples that a person can follow: windows of 10 ms without grace, a
 * count and a sum, offsets from 40 on.
 */
final class HandFedPartition {
    static final SimRules RULES =
            new SimRules(SimWindow.tumbling(10), 0, 0, "v1", List.of(SimAggregate.COUNT, SimAggregate.SUM));
    /** Writes every entry at once. */
    static final CheckpointPolicy EAGER = new CheckpointPolicy(Duration.ZERO, 1_000_000, 5000, false, Duration.ZERO);
    /** Writes nothing by itself. */
    static final CheckpointPolicy LAZY =
            new CheckpointPolicy(Duration.ofDays(1), 1_000_000, 5000, false, Duration.ZERO);

    static final long FIRST_OFFSET = 40;

    final List<SimRecord> source = new ArrayList<>();
    final SimulatedKafka<SimRecord> kafka = new SimulatedKafka<>(source, FIRST_OFFSET, 1000);
    PipelineSpec spec;
    PartitionProcessor processor;
    private long now;

    HandFedPartition(SimRules rules, CheckpointPolicy policy) {
        spec = rules.spec(policy, Long.MAX_VALUE);
        processor = restore();
    }

    HandFedPartition(CheckpointPolicy policy) {
        this(RULES, policy);
    }

    /** The same pipeline, but that it aggregates and decodes otherwise. */
    static PipelineSpec with(PipelineSpec spec, Aggregate aggregate, Supplier<RecordDecoder> decoders) {
        return new PipelineSpec(
                spec.name(),
                spec.stage(),
                spec.window(),
                spec.idleTimeout(),
                spec.maxOpenEntries(),
                spec.heap(),
                List.of(aggregate),
                spec.fieldCount(),
                decoders,
                spec.encoders().get(0),
                spec.checkpoint(),
                spec.fingerprint());
    }

    /** The same pipeline, but that it may take so much of the heap. */
    static PipelineSpec with(PipelineSpec spec, HeapBudget heap) {
        return new PipelineSpec(
                spec.name(),
                spec.stage(),
                spec.window(),
                spec.idleTimeout(),
                spec.maxOpenEntries(),
                heap,
                spec.aggregates(),
                spec.fieldCount(),
                spec.decoders(),
                spec.encoders().get(0),
                spec.checkpoint(),
                spec.fingerprint());
    }

    /** Appends a record to the source. */
    HandFedPartition add(String key, long time, long amount) {
        source.add(SimRecord.of(
                nextOffset(), text(key), time, 5, BigDecimal.ONE, new BigDecimal(amount), "r" + nextOffset()));
        return this;
    }

    HandFedPartition addPoison() {
        source.add(SimRecord.poison(nextOffset(), text("k"), null));
        return this;
    }

    private long nextOffset() {
        return FIRST_OFFSET + source.size();
    }

    /** Processes what was added, in one transaction; gives what it sent except state entries. */
    List<String> commit() {
        now++;
        return commit((partition, transaction) -> {
            for (SimRecord record : kafka.fetch(partition.nextOffset(), Long.MAX_VALUE, Integer.MAX_VALUE)) {
                partition.to(transaction).process(record);
            }
            return partition.to(transaction).completeBatch(partition.nextOffset(), now);
        });
    }

    List<String> commit(BiFunction<PartitionProcessor, SimTransaction, CommitPoint> work) {
        SimTransaction transaction = kafka.begin(-1, Integer.MAX_VALUE);
        CommitPoint point = work.apply(processor, transaction);
        kafka.commit(transaction, point, false);
        return transaction.sent;
    }

    /** The number of entries that the state partition holds. */
    long storedEntries() {
        return processor.position().metadata().storedEntries();
    }

    /** A restore from what the broker holds. */
    PartitionProcessor restore() {
        return restore(Simulation.SOURCE, spec, kafka.state.committed(0), kafka.committed());
    }

    /** A restore from anything. */
    PartitionProcessor restore(
            SourcePartition partition, PipelineSpec with, List<StateLog.Message> state, Committed committed) {
        Restoration restoration = new Restoration(partition, with);
        state.forEach(message -> restoration.state(message.offset(), message.key(), message.value()));
        restoration.load(committed);
        for (SimRecord record : kafka.fetch(restoration.replayFrom(), restoration.replayTo(), Integer.MAX_VALUE)) {
            restoration.replay(record);
        }
        return restoration.complete(Simulation.ID);
    }

    /** The state partition's records, to be damaged. */
    List<StateLog.Message> state() {
        return new ArrayList<>(kafka.state.committed(0));
    }

    /** An intact state record that nobody wrote: the damage is in what it says. */
    static StateLog.Message forged(long sliceStart, String key, long appliedUpTo, int ordinal) {
        HandFedPartition other =
                new HandFedPartition(RULES.withStructure(SimWindow.tumbling(1), RULES.aggregates()), EAGER);
        for (int i = 0; i <= ordinal; i++) {
            other.add(i == ordinal ? key : "other" + i, sliceStart, 1);
        }
        List<StateLog.Message> written = new ArrayList<>();
        other.commit((partition, transaction) -> {
            other.source.forEach(record -> partition.to(transaction).process(record));
            return partition.to(transaction).completeBatch(appliedUpTo, 0);
        });
        written.addAll(other.kafka.state.committed(0));
        return written.stream()
                .filter(message -> message.key().length > StateFormat.groupKeyStart()
                        && new String(message.key(), StandardCharsets.ISO_8859_1).endsWith(key))
                .findFirst()
                .orElseThrow();
    }

    static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
