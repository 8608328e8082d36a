package io.tally.simulation;

import static io.tally.simulation.Happening.DEAD_LETTER;
import static io.tally.simulation.Happening.ENTRY_WRITTEN;
import static io.tally.simulation.Happening.ENTRY_WRITTEN_AGAIN;
import static io.tally.simulation.Happening.FILTERED_RECORD;
import static io.tally.simulation.Happening.LATE_RECORD;
import static io.tally.simulation.Happening.RESTORED_BEYOND_A_PAGE;
import static io.tally.simulation.Happening.RESTORED_ROW;
import static io.tally.simulation.Happening.RESULT;
import static io.tally.simulation.Happening.TOMBSTONE;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.StateDigest;
import io.tally.checkpoint.StateFormat;
import io.tally.engine.EngineView;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

/** What must hold at every commit and after every restore, measured against the model. */
public final class CommitCheck {
    private final Simulation simulation;
    private final StateFormat format = new StateFormat();

    CommitCheck(Simulation simulation) {
        this.simulation = simulation;
    }

    /**
     * A transaction's state records must be those rows in that order. Each has exactly what the row held at the
     * committed offset. The birth marker is there once. Sessions are all written, so their order does not matter.
     */
    void entries(List<StateLog.Message> written, List<ModelRow> rows, long offset, boolean birth) {
        int entries = written.size() - (birth ? 1 : 0);
        List<String> found = new ArrayList<>();
        for (StateLog.Message message : written.subList(0, entries)) {
            found.add(describe(message));
        }
        if (simulation.model instanceof SessionModel) {
            Collections.sort(found);
        }
        List<String> wanted = rows.stream().map(row -> describe(row, offset)).toList();
        if (simulation.model instanceof SessionModel) {
            wanted = wanted.stream().sorted().toList();
        }
        assertThat(found).isEqualTo(wanted);
        for (ModelRow row : rows) {
            simulation.happened(row.appliedUpTo == ModelRow.NEVER ? ENTRY_WRITTEN : ENTRY_WRITTEN_AGAIN);
            simulation.model.written(row, offset);
        }
        if (birth) {
            assertThat(format.kind(written.get(entries).key())).isEqualTo(StateFormat.Kind.BIRTH);
        }
    }

    /** Whether rows had no room must be known, so that they leave in the next transaction. */
    void steps(PartitionProcessor processor) {
        assertThat(processor.isBehind()).as("behind").isEqualTo(simulation.model.isBehind());
        if (processor.isBehind()) {
            simulation.happened(Happening.STEP);
            assertThat(ProcessorView.engine(processor).windowsToClose())
                    .as("windows to close")
                    .isEqualTo(simulation.model.windowsToClose(simulation.rules));
        }
        if (simulation.model.rowsLeft > 0) {
            simulation.happened(Happening.STEP_WITHIN_A_WINDOW);
        }
    }

    /** Counts what the model says went out. */
    void outputs(List<String> outputs) {
        for (String line : outputs) {
            switch (line.charAt(0)) {
                case 'r' -> {
                    simulation.happened(RESULT);
                    simulation.happened(
                            Happening.valueOf(simulation.rules.window().kind() + "_ROW"));
                }
                case 'l' -> simulation.happened(LATE_RECORD);
                case 'd' -> simulation.happened(DEAD_LETTER);
                default -> simulation.happened(TOMBSTONE);
            }
        }
        if (simulation.model.filtered > 0) {
            simulation.happened(FILTERED_RECORD);
        }
    }

    /** All sessions are written when they must be, because of age or number, and not before. */
    void cut(CheckpointPolicy policy, SessionModel model, long before, long offset, long records, boolean cut) {
        boolean many = model.changes >= policy.maxEntries(records);
        boolean far = offset - policy.maxReplayRecords() > before;
        if (cut) {
            assertThat(many || far || policy.everyTransaction() || simulation.checkpointClock.mayBeDue(before))
                    .as("a cut is due")
                    .isTrue();
            if (many && !far) {
                simulation.happened(Happening.CUT_FOR_ITS_CHANGES);
            }
        } else {
            assertThat(many || far || policy.everyTransaction() || simulation.checkpointClock.isOverdue(before))
                    .as("a cut is overdue")
                    .isFalse();
        }
    }

    /** What is due must be written as far as one transaction may, and nothing without need. */
    void policy(CheckpointPolicy policy, int entries, long offset, long records, int left) {
        long recovery = simulation.model.recoveryOffset(offset);
        if (policy.everyTransaction()) {
            assertThat(recovery).isEqualTo(offset);
            assertThat(simulation.model.unsentSince()).isEqualTo(ModelRow.CLEAN);
            return;
        }
        assertThat(entries).isLessThanOrEqualTo(policy.maxEntries(records));
        if (entries > policy.maxEntriesPerTransaction()) {
            simulation.happened(Happening.MORE_ENTRIES_WITH_MANY_RECORDS);
        }
        if (entries < policy.maxEntries(records)) {
            long due = policy.interval().isZero() ? offset : offset - policy.maxReplayRecords();
            assertThat(recovery).as("recovery offset when nothing is held back").isGreaterThanOrEqualTo(due);
        }
        if (simulation.rules.window().updates() && left < policy.maxUpdates(records)) {
            assertThat(simulation.clock.isOverdue(simulation.model.unsentSince()))
                    .as("oldest update is overdue")
                    .isFalse();
        }
    }

    void metadata(CommitMetadata metadata, long offset) {
        NaiveModel model = simulation.model;
        assertThat(metadata.watermark()).as("watermark").isEqualTo(model.watermark);
        assertThat(metadata.rowsLeft()).as("rows that have left").isEqualTo(model.rowsLeft);
        assertThat(metadata.expired()).as("what has expired").isEqualTo(model.expired());
        long oldest = model.recoveryOffset(offset);
        if (simulation.rules.clockChange() == 0) {
            assertThat(metadata.recoveryOffset()).as("recovery offset").isEqualTo(oldest);
            assertThat(metadata.latestTime()).isNull();
        } else {
            long start = model instanceof SessionModel ? oldest : simulation.batchEnds.floor(oldest);
            assertThat(metadata.recoveryOffset()).as("recovery offset").isEqualTo(start);
            assertThat(metadata.latestTime()).as("latest time before it").isEqualTo(latestTime(start));
            if (start < oldest) {
                simulation.happened(Happening.REPLAY_FROM_A_BATCH_END);
            }
        }
        assertThat(metadata.cutWatermark()).as("watermark of the cut").isEqualTo(model.cutWatermark(offset));
        assertThat(metadata.birthOffset()).isEqualTo(simulation.birth);
        assertThat(metadata.ledger()).isEqualTo(Simulation.ledger(model));
        assertThat(metadata.storedEntries()).as("stored entries").isEqualTo(model.stored + simulation.emissions.size());
        assertThat(metadata.storedDigest()).as("digest").isEqualTo(digest(model));
        assertThat(metadata.fingerprint()).isEqualTo(simulation.rules.fingerprint());
        assertThat(metadata.transactionalId()).isEqualTo(Simulation.ID);
    }

    /** A restored engine must be the one that was lost: every row, and what the next checkpoint and replay go by. */
    public void restored(PartitionProcessor processor, long offset) {
        NaiveModel model = simulation.model;
        List<EngineView.Row> rows = EngineView.rows(ProcessorView.engine(processor));
        List<ModelRow> expected = model.rows();
        assertThat(rows).hasSameSizeAs(expected);
        for (int i = 0; i < rows.size(); i++) {
            EngineView.Row row = rows.get(i);
            ModelRow other = expected.get(i);
            String found = row.sliceStart() + " " + row.key() + " #" + row.ordinal() + " applied " + row.appliedUpTo()
                    + " dirty " + row.dirtySince() + " " + row.numbers() + " = " + row.results();
            String wanted = other.name + " " + other.key + " #" + other.ordinal + " applied " + other.appliedUpTo
                    + " dirty " + other.dirtySince + " " + model.numbers(other, simulation.rules) + " = "
                    + other.results(simulation.rules);
            equal(found, wanted);
            simulation.happened(row.ordinal() >= 4096 ? RESTORED_BEYOND_A_PAGE : RESTORED_ROW);
        }
        assertThat(processor.openEntries()).isEqualTo(rows.size());
        CommitPoint point = processor.position();
        assertThat(point.offset()).isEqualTo(offset);
        metadata(point.metadata(), offset);
    }

    private long latestTime(long before) {
        return simulation.kafka.source.stream()
                .filter(record -> !record.poison() && record.offset() >= simulation.birth && record.offset() < before)
                .mapToLong(SimRecord::time)
                .max()
                .orElse(Long.MIN_VALUE);
    }

    private long digest(NaiveModel model) {
        StateDigest digest = new StateDigest();
        for (ModelRow row : model.storedRows()) {
            digest.add(format.keyChecksum(stateKey(row)), row.appliedUpTo, row.storedRevision);
        }
        simulation.emissions.addTo(digest);
        return digest.sum();
    }

    private static byte[] stateKey(ModelRow row) {
        return HexFormat.of().parseHex("0145" + HexFormat.of().toHexDigits(row.name) + row.key);
    }

    private String describe(StateLog.Message message) {
        byte[] key = message.key();
        byte[] value = message.value();
        assertThat(value).isNotNull();
        StateFormat.Entry entry = format.readEntry(key, value);
        WindowEngine scratch = ProcessorView.newEngine(simulation.rules.spec(simulation.policy, Long.MAX_VALUE));
        int start = StateFormat.groupKeyStart();
        scratch.restore(entry.appliedUpTo(), WindowEngine.NO_WATERMARK)
                .entry(entry.sliceStart(), 0, key, start, key.length - start, entry.appliedUpTo(), entry.rest());
        EngineView.Row row = EngineView.rows(scratch).get(0);
        return row.sliceStart() + " " + row.key() + " #" + entry.ordinal() + " applied " + row.appliedUpTo() + " "
                + row.numbers() + " = " + row.results();
    }

    private String describe(ModelRow row, long offset) {
        return row.name + " " + row.key + " #" + row.ordinal + " applied " + offset + " "
                + simulation.model.numbers(row, simulation.rules) + " = " + row.results(simulation.rules);
    }

    /** AssertJ is too slow for millions of rows. */
    private static void equal(String found, String wanted) {
        if (!found.equals(wanted)) {
            assertThat(found).as("restored row").isEqualTo(wanted);
        }
    }
}
