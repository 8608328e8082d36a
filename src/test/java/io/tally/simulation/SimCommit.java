package io.tally.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.engine.EngineView;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
import java.util.ArrayList;
import java.util.List;

/** What a committed transaction of a {@link Simulation} made visible, step by step beside the model. */
final class SimCommit {
    private final Simulation simulation;

    SimCommit(Simulation simulation) {
        this.simulation = simulation;
    }

    /** Compares what became visible with the model. */
    void compare(SimTransaction transaction, CommitPoint point, boolean batch, PartitionProcessor processor) {
        simulation.happened(Happening.COMMIT);
        assertThat(transaction.shuffled).as("sent into a shuffle").isEmpty();
        assertThat(transaction.latePartials).as("partials").isEmpty();
        List<String> outputs = new ArrayList<>();
        boolean alone = batch
                && (simulation.model.isBehind()
                        || simulation.idle
                        || simulation.operator.closing
                        || simulation.held != null);
        simulation.model.room = transaction.limit;
        long offset = -1;
        for (SimRecord record : simulation.kafka.fetch(simulation.committed, point.offset(), Integer.MAX_VALUE)) {
            outputs.addAll(
                    record.offset() == offset ? further(record) : simulation.model.step(record, simulation.rules));
            offset = record.offset();
        }
        if (simulation.held != null) {
            assertThat(simulation.model.approach(simulation.held, simulation.rules, outputs))
                    .as("a record is held")
                    .isFalse();
        }
        if (simulation.idle) {
            outputs.addAll(simulation.model.idle(simulation.rules));
        }
        if (simulation.operator.closing) {
            outputs.addAll(simulation.model.closeOpen(simulation.rules));
        }
        if (batch) {
            simulation.model.catchUp(simulation.rules, outputs);
            simulation.check.steps(processor);
        }
        simulation.operator.beforeCheckpoint();
        long noted = simulation.emissions.take(transaction.written, point);
        long sentBefore = simulation.operator.target == null ? noted : point.offset();
        int entries = transaction.written.size() - (simulation.born ? 0 : 1);
        int urgent = simulation.model.urgent();
        int bySource = Math.min(outputs.size(), transaction.sent.size());
        // In which order a cut writes does not matter.
        List<String> tombstones = transaction.sent.subList(bySource, transaction.sent.size()).stream()
                .filter(line -> simulation.model instanceof SessionModel && line.startsWith("tombstone"))
                .sorted()
                .toList();
        List<String> left = transaction.sent.subList(bySource, transaction.sent.size() - tombstones.size());
        List<String> sent = new ArrayList<>(transaction.sent.subList(0, bySource + left.size()));
        sent.addAll(tombstones);
        boolean cut = point.metadata().recoveryOffset() == point.offset();
        if (batch && sentBefore > 0 && !simulation.policy.everyTransaction()) {
            assertThat(simulation.clock.mayBeDue(simulation.model.unsentSince()))
                    .as("an update is due")
                    .isTrue();
        }
        List<ModelRow> written = simulation.model.checkpoint(
                entries, left, sentBefore, cut ? point.offset() : -1, simulation.rules, outputs);
        assertThat(sent).isEqualTo(outputs);
        outputs.stream().filter(line -> !line.startsWith("tombstone")).forEach(simulation.expected::add);
        simulation.check.outputs(outputs);
        simulation.reader.read(simulation.model, simulation.rules);
        simulation.check.entries(transaction.written, written, point.offset(), !simulation.born);
        if (batch) {
            long records = point.offset() - simulation.committed;
            simulation.check.policy(simulation.policy, entries - urgent, point.offset(), records, left.size());
            if (simulation.model instanceof SessionModel && alone) {
                assertThat(cut).as("a cut where the watermark moved alone").isTrue();
            } else if (simulation.model instanceof SessionModel sessions && point.offset() > simulation.recovery) {
                simulation.check.cut(simulation.policy, sessions, simulation.recovery, point.offset(), records, cut);
            }
        }
        simulation.operator.committed();
        simulation.batchEnds.add(point.offset());
        CommitMetadata metadata = CommitMetadata.parse(point.metadata().format());
        assertThat(metadata).isEqualTo(point.metadata());
        simulation.check.metadata(metadata, point.offset());
        assertThat(metadata.recoveryOffset())
                .as("the recovery offset never goes back")
                .isGreaterThanOrEqualTo(simulation.recovery);
        simulation.committed = point.offset();
        simulation.recovery = metadata.recoveryOffset();
        simulation.born = true;
        simulation.living = processor.openEntries() <= 30 ? EngineView.rows(ProcessorView.engine(processor)) : null;
    }

    /** An event of a record of which others were taken: its rows leave, too, whatever the limit is. */
    private List<String> further(SimRecord event) {
        NaiveModel model = simulation.model;
        simulation.happened(Happening.FURTHER_EVENT);
        model.further++;
        long room = model.room;
        model.room = Long.MAX_VALUE;
        List<String> outputs = model.step(event, simulation.rules);
        model.room -= Long.MAX_VALUE - room;
        if (model.room < 0) {
            simulation.happened(Happening.ROWS_OF_A_RECORD_BEYOND_THE_LIMIT);
        }
        return outputs;
    }
}
