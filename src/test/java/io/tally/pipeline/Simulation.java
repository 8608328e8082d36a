package io.tally.pipeline;

import static io.tally.pipeline.Happening.ABORT;
import static io.tally.pipeline.Happening.CLEAN_HANDOVER;
import static io.tally.pipeline.Happening.COMMIT;
import static io.tally.pipeline.Happening.COMMITTED_BUT_NOT_TOLD;
import static io.tally.pipeline.Happening.CRASH_BETWEEN_RECORDS;
import static io.tally.pipeline.Happening.CRASH_IN_A_SEND;
import static io.tally.pipeline.Happening.IDLE;
import static io.tally.pipeline.Happening.MARKERS_PASSED;
import static io.tally.pipeline.Happening.PENDING_AND_ABORTED;
import static io.tally.pipeline.Happening.PENDING_AND_COMMITTED;
import static io.tally.pipeline.Happening.SECOND_BIRTH_ATTEMPT;
import static io.tally.pipeline.Happening.STATE_MARKER_LATER;
import static io.tally.pipeline.Happening.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.SourceRecord;
import io.tally.engine.EngineView;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * One life story of a partition, made of one seed: polls of all sizes, commits, aborts, unknown outcomes, crashes at
 * every step, retention, compaction, markers that come late, planned restarts with another configuration. Every
 * committed transaction is compared with the {@link NaiveModel}, and so is every restored engine.
 */
final class Simulation {
    static final String ID = "tally-sim-0";
    static final SourcePartition SOURCE = new SourcePartition(
            "sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 3, false, "tally-sim-events-state", null);

    final Random random;
    final SimSettings settings;
    final SimulatedKafka kafka;
    NaiveModel model;
    SimReader reader;
    final Map<Happening, Long> happened = new EnumMap<>(Happening.class);
    final CommitCheck check = new CommitCheck(this);
    /** All that the committed records must have sent so far. */
    private final List<String> expected = new ArrayList<>();

    private final SimRestart restart = new SimRestart(this);
    final SimEmissions emissions = new SimEmissions(this);
    final SimClock clock = new SimClock();
    final SimClock checkpointClock = new SimClock();

    SimRules rules;
    CheckpointPolicy policy;
    /** Offset at which the pipeline begins. */
    final long birth;
    /** Whether the birth is committed. */
    boolean born;
    /** The rows of the living engine as of the last commit, if they are few. */
    @Nullable
    List<EngineView.Row> living;

    long committed;
    long recovery;
    /** Where the living process ended batches, and where it began. */
    final TreeSet<Long> batchEnds = new TreeSet<>();

    private long now;
    /** Whether the transaction closes what is open because the source is idle. */
    private boolean idle;
    /** The record that the transaction has no room for, because of the rows that must leave before it. */
    private @Nullable SimRecord held;
    /** Whether what comes out follows from the records alone, however large transactions are. */
    private boolean independent;

    Simulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        settings = new SimSettings(random);
        rules = settings.rules;
        model = rules.window().newModel();
        policy = SimSettings.policy(random);
        long logStart = random.nextInt(3) == 0 ? random.nextInt(1000) : 0;
        List<SimRecord> source = settings.generator.generate(logStart, settings.records);
        long last = source.get(source.size() - 1).offset();
        kafka = new SimulatedKafka(source, logStart, last + 1 + random.nextInt(3));
        if (random.nextInt(4) == 0) {
            kafka.resetOffset(random.nextLong(logStart, last + 1));
        }
        birth = kafka.offset();
        repeatTimes(source);
        committed = birth;
        recovery = birth;
        model.beginAt(birth);
        reader = new SimReader(rules.window(), model);
        independent = !rules.window().updates() && !settings.large;
    }

    /** What becomes of the records one by one, in transactions that have room for everything. */
    private List<String> oneByOne() {
        NaiveModel other = rules.window().newModel();
        other.beginAt(birth);
        return kafka.source.stream()
                .filter(record -> record.offset() >= birth)
                .flatMap(record -> other.step(record, rules).stream())
                .filter(line -> !line.startsWith("tombstone"))
                .toList();
    }

    /** What comes out depends on the clock, or on when a configuration changed. */
    void dependsOnMore() {
        independent = false;
    }

    @Override
    public String toString() {
        return settings + ", " + rules + ", " + policy + "; at offset " + committed + ", recovery offset " + recovery
                + ", after " + happened;
    }

    /** Takes from many records which of two times they mean, so that only the records before tell. */
    private void repeatTimes(List<SimRecord> source) {
        long change = rules.clockChange();
        long latest = Long.MIN_VALUE;
        for (int i = 0; i < source.size(); i++) {
            SimRecord record = source.get(i);
            if (record.poison() || record.offset() < birth) {
                continue;
            }
            if (change > 0 && random.nextInt(3) > 0) {
                long earlier = record.time() - (random.nextBoolean() ? change : 0);
                boolean later = SimCodec.isLater(earlier, latest, change);
                happened(later ? Happening.TIME_REPEATED : Happening.TIME_NOT_YET_REPEATED);
                record = record.ambiguous(later ? earlier + change : earlier, earlier);
                source.set(i, record);
            }
            latest = Math.max(latest, record.time());
        }
    }

    void happened(Happening what) {
        happened.merge(what, 1L, Long::sum);
    }

    /** Lives until the whole source is committed, and checks that nothing is missing. */
    void run() {
        // Some are restored after every step.
        int steps = random.nextInt(8) == 0 ? 1 : Integer.MAX_VALUE;
        while (committed < kafka.sourceEnd()) {
            live(steps);
        }
        restart.restore();
        assertThat(kafka.outputs).isEqualTo(expected);
        if (independent) {
            happened(Happening.INDEPENDENT_OF_TRANSACTIONS);
            assertThat(kafka.outputs).isEqualTo(oneByOne());
        }
        List<SimRecord> events =
                kafka.source.stream().filter(record -> record.offset() >= birth).toList();
        assertThat(Simulation.ledger(model).total()).isEqualTo(events.size());
        assertThat(Simulation.ledger(model).records())
                .isEqualTo(events.stream().map(SimRecord::offset).distinct().count());
    }

    /** One life, from a restore to the end of the process or of {@code steps}. */
    void live(int steps) {
        PartitionProcessor processor = restart.restore();
        clock.restart(committed, policy.emitInterval().toMillis());
        checkpointClock.restart(committed, policy.interval().toMillis());
        boolean alive = processor != null;
        for (int step = 0; alive && step < steps && committed < kafka.sourceEnd(); step++) {
            int dice = random.nextInt(100);
            if (dice < 80) {
                alive = batch(processor);
            } else if (dice < 84) {
                alive = tick(processor);
            } else if (dice < 86) {
                alive = idle(processor);
            } else if (dice < 89) {
                alive = drain(processor, 1 + random.nextInt(20));
            } else if (dice < 92) {
                handOver(processor);
                alive = false;
            } else {
                kafka.trimSource(random.nextLong(recovery + 1));
                kafka.state.compact(random);
            }
        }
    }

    // ---- what a living partition does; each says whether it lives on

    private boolean batch(PartitionProcessor processor) {
        List<SimRecord> events =
                kafka.fetch(processor.nextOffset(), kafka.sourceEnd(), 1 + random.nextInt(settings.largestPoll));
        List<SourceRecord> records = SimParts.records(events, rules);
        int deadBefore = crash() ? random.nextInt(records.size() + 1) : -1;
        return transaction(processor, true, transaction -> {
            long next = processor.nextOffset();
            for (int i = 0; i < records.size(); i++) {
                if (i == deadBefore) {
                    happened(CRASH_BETWEEN_RECORDS);
                    throw new SimulatedKafka.Crash();
                }
                if (!processor.process(records.get(i), transaction)) {
                    held = kafka.fetch(records.get(i).offset(), kafka.sourceEnd(), 1)
                            .get(0);
                    return completeBatch(processor, processor.nextOffset(), transaction);
                }
                next = records.get(i).offset() + 1;
            }
            // A poll may have gone over control markers behind its last record.
            long behind = nextRecord(next);
            now += random.nextInt(4) == 0 ? random.nextInt(1000) : random.nextInt(3);
            return completeBatch(processor, random.nextLong(next, behind + 1), transaction);
        });
    }

    /** Where the next record is at or after that offset, or the end. */
    private long nextRecord(long offset) {
        List<SimRecord> following = kafka.fetch(offset, kafka.sourceEnd(), 1);
        return following.isEmpty() ? kafka.sourceEnd() : following.get(0).offset();
    }

    /** A poll goes over control markers and brings no record; what is behind the records is committed some time. */
    private void pass(PartitionProcessor processor) {
        long next = processor.nextOffset();
        processor.skipTo(random.nextLong(next, nextRecord(next) + 1));
        if (processor.nextOffset() == committed) {
            return;
        }
        happened(MARKERS_PASSED);
        assertThat(processor.isDirty()).as("a planned stop commits it").isTrue();
        if (random.nextBoolean()) {
            isCommitDue(processor);
            now += PartitionProcessor.BEHIND_MILLIS;
            assertThat(processor.isCommitDue(now)).isTrue();
        }
    }

    private boolean tick(PartitionProcessor processor) {
        if (random.nextBoolean()) {
            pass(processor);
        }
        now += random.nextInt(500);
        if (!isCommitDue(processor)) {
            assertThat(born).as("a birth is due at once").isTrue();
            return true;
        }
        happened(TICK);
        return transaction(
                processor, true, transaction -> completeBatch(processor, processor.nextOffset(), transaction));
    }

    /** Nothing comes for longer than the idle timeout. */
    private boolean idle(PartitionProcessor processor) {
        dependsOnMore();
        processor.isIdle(now);
        now += SimRules.IDLE.toMillis() - 1;
        assertThat(processor.isIdle(now)).as("idle too soon").isFalse();
        now++;
        boolean waits = model.hasOpenWindows(rules) && !model.isBehind();
        assertThat(processor.isIdle(now)).isEqualTo(waits);
        if (!waits) {
            return true;
        }
        happened(IDLE);
        idle = true;
        try {
            return transaction(processor, true, transaction -> {
                processor.closeIdle(transaction);
                return completeBatch(processor, processor.nextOffset(), transaction);
            });
        } finally {
            idle = false;
        }
    }

    private boolean isCommitDue(PartitionProcessor processor) {
        if (born) {
            clock.reached(now, processor.nextOffset());
            checkpointClock.reached(now, processor.nextOffset());
        }
        return processor.isCommitDue(now);
    }

    private CommitPoint completeBatch(PartitionProcessor processor, long next, SimulatedKafka.Transaction transaction) {
        clock.reached(now, next);
        checkpointClock.reached(now, next);
        return processor.completeBatch(next, now, transaction);
    }

    private boolean drain(PartitionProcessor processor, int limit) {
        return transaction(processor, false, transaction -> processor.drain(limit, transaction));
    }

    /** A planned stop. */
    private void handOver(PartitionProcessor processor) {
        if (random.nextBoolean()) {
            pass(processor);
        }
        while (processor.isDirty()) {
            if (!drain(processor, settings.large ? 1000 : 5)) {
                return;
            }
        }
        assertThat(recovery).as("recovery offset after a drain").isEqualTo(committed);
        assertThat(committed).as("what was read").isEqualTo(processor.nextOffset());
        happened(CLEAN_HANDOVER);
    }

    private interface Work {
        CommitPoint in(SimulatedKafka.Transaction transaction);
    }

    /** Runs a transaction to one of the ends that transactions have. */
    private boolean transaction(PartitionProcessor processor, boolean batch, Work work) {
        boolean attempted = born;
        held = null;
        int limit = settings.largestRoom == Integer.MAX_VALUE
                ? Integer.MAX_VALUE
                : 1 + random.nextInt(settings.largestRoom);
        SimulatedKafka.Transaction transaction = kafka.begin(crash() ? random.nextInt(8) : -1, limit);
        CommitPoint point;
        try {
            point = work.in(transaction);
        } catch (SimulatedKafka.Crash e) {
            if (transaction.failed) {
                happened(CRASH_IN_A_SEND);
            }
            abort(transaction);
            return false;
        }
        if (!crash()) {
            kafka.commit(transaction, point, false);
            committed(transaction, point, batch, processor);
            return true;
        }
        switch (random.nextInt(3)) {
            case 0 -> abort(transaction);
            case 1 -> {
                happened(COMMITTED_BUT_NOT_TOLD);
                kafka.commit(transaction, point, markerLater());
                committed(transaction, point, batch, processor);
            }
            default -> {
                if (kafka.settlePending(transaction, point, random.nextBoolean(), markerLater())) {
                    happened(PENDING_AND_COMMITTED);
                    committed(transaction, point, batch, processor);
                } else {
                    happened(PENDING_AND_ABORTED);
                }
            }
        }
        if (!attempted && !born) {
            happened(SECOND_BIRTH_ATTEMPT);
        }
        return false;
    }

    private void abort(SimulatedKafka.Transaction transaction) {
        happened(ABORT);
        kafka.abort(transaction, markerLater());
    }

    private boolean markerLater() {
        boolean later = random.nextBoolean();
        if (later) {
            happened(STATE_MARKER_LATER);
        }
        return later;
    }

    boolean crash() {
        return random.nextInt(100) < settings.crashPercent;
    }

    /** Compares what became visible with the model. */
    private void committed(
            SimulatedKafka.Transaction transaction, CommitPoint point, boolean batch, PartitionProcessor processor) {
        happened(COMMIT);
        List<String> outputs = new ArrayList<>();
        boolean alone = batch && (model.isBehind() || idle || held != null);
        model.room = transaction.limit;
        long offset = -1;
        for (SimRecord record : kafka.fetch(committed, point.offset(), Integer.MAX_VALUE)) {
            outputs.addAll(record.offset() == offset ? further(record) : model.step(record, rules));
            offset = record.offset();
        }
        if (held != null) {
            assertThat(model.approach(held, rules, outputs))
                    .as("a record is held")
                    .isFalse();
        }
        if (idle) {
            outputs.addAll(model.idle(rules));
        }
        if (batch) {
            model.catchUp(rules, outputs);
            check.steps(processor);
        }
        long sentBefore = emissions.take(transaction.written, point);
        int entries = transaction.written.size() - (born ? 0 : 1);
        int urgent = model.urgent();
        int bySource = Math.min(outputs.size(), transaction.sent.size());
        // In which order a cut writes does not matter.
        List<String> tombstones = transaction.sent.subList(bySource, transaction.sent.size()).stream()
                .filter(line -> model instanceof SessionModel && line.startsWith("tombstone"))
                .sorted()
                .toList();
        List<String> left = transaction.sent.subList(bySource, transaction.sent.size() - tombstones.size());
        List<String> sent = new ArrayList<>(transaction.sent.subList(0, bySource + left.size()));
        sent.addAll(tombstones);
        boolean cut = point.metadata().recoveryOffset() == point.offset();
        if (batch && sentBefore > 0 && !policy.everyTransaction()) {
            assertThat(clock.mayBeDue(model.unsentSince()))
                    .as("an update is due")
                    .isTrue();
        }
        List<NaiveModel.Row> written =
                model.checkpoint(entries, left, sentBefore, cut ? point.offset() : -1, rules, outputs);
        assertThat(sent).isEqualTo(outputs);
        outputs.stream().filter(line -> !line.startsWith("tombstone")).forEach(expected::add);
        check.outputs(outputs);
        reader.read(model, rules);
        check.entries(transaction.written, written, point.offset(), !born);
        if (batch) {
            long records = point.offset() - committed;
            check.policy(policy, entries - urgent, point.offset(), records, left.size());
            if (model instanceof SessionModel && alone) {
                assertThat(cut).as("a cut where the watermark moved alone").isTrue();
            } else if (model instanceof SessionModel sessions && point.offset() > recovery) {
                check.cut(policy, sessions, recovery, point.offset(), records, cut);
            }
        }
        batchEnds.add(point.offset());
        CommitMetadata metadata = CommitMetadata.parse(point.metadata().format());
        assertThat(metadata).isEqualTo(point.metadata());
        check.metadata(metadata, point.offset());
        assertThat(metadata.recoveryOffset())
                .as("the recovery offset never goes back")
                .isGreaterThanOrEqualTo(recovery);
        committed = point.offset();
        recovery = metadata.recoveryOffset();
        born = true;
        living = processor.openEntries() <= 30 ? EngineView.rows(processor.engine) : null;
    }

    /** An event of a record of which others were taken: its rows leave, too, whatever the limit is. */
    private List<String> further(SimRecord event) {
        happened(Happening.FURTHER_EVENT);
        model.further++;
        long room = model.room;
        model.room = Long.MAX_VALUE;
        List<String> outputs = model.step(event, rules);
        model.room -= Long.MAX_VALUE - room;
        if (model.room < 0) {
            happened(Happening.ROWS_OF_A_RECORD_BEYOND_THE_LIMIT);
        }
        return outputs;
    }

    static io.tally.checkpoint.Ledger ledger(NaiveModel model) {
        return new io.tally.checkpoint.Ledger(
                model.folded, model.late, model.deadLettered, model.filtered, model.missing, model.further);
    }
}
