package io.tally.simulation;

import static io.tally.simulation.Happening.ABORT;
import static io.tally.simulation.Happening.CLEAN_HANDOVER;
import static io.tally.simulation.Happening.COMMITTED_BUT_NOT_TOLD;
import static io.tally.simulation.Happening.CRASH_BETWEEN_RECORDS;
import static io.tally.simulation.Happening.CRASH_IN_A_SEND;
import static io.tally.simulation.Happening.IDLE;
import static io.tally.simulation.Happening.MARKERS_PASSED;
import static io.tally.simulation.Happening.PENDING_AND_ABORTED;
import static io.tally.simulation.Happening.PENDING_AND_COMMITTED;
import static io.tally.simulation.Happening.SECOND_BIRTH_ATTEMPT;
import static io.tally.simulation.Happening.STATE_MARKER_LATER;
import static io.tally.simulation.Happening.TICK;
import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.SourceRecord;
import io.tally.engine.EngineView;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
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
public final class Simulation implements Seeds.Life<Happening> {
    public static final String ID = "tally-sim-0";
    public static final SourcePartition SOURCE = new SourcePartition(
            "sim", "tally-sim", "events", "bM0VsOhVQQ6q9k", 0, 3, false, "tally-sim-events-state", null);

    final Random random;
    final SimSettings settings;
    public final SimulatedKafka<SimRecord> kafka;
    NaiveModel model;
    SimReader reader;
    final Map<Happening, Long> happened = new EnumMap<>(Happening.class);
    public final CommitCheck check = new CommitCheck(this);
    private final SimCommit commit = new SimCommit(this);
    /** All that the committed records must have sent so far. */
    final List<String> expected = new ArrayList<>();

    private final SimRestart restart = new SimRestart(this);
    final SimEmissions emissions = new SimEmissions(this);
    final SimSetBack operator = new SimSetBack(this);
    final SimClock clock = new SimClock();
    final SimClock checkpointClock = new SimClock();

    public SimRules rules;
    public CheckpointPolicy policy;
    /** Offset at which the pipeline begins. */
    final long birth;
    /** Whether the birth is committed. */
    public boolean born;
    /** The rows of the living engine as of the last commit, if they are few. */
    @Nullable
    List<EngineView.Row> living;

    public long committed;
    public long recovery;
    /** Where the living process ended batches, and where it began. */
    final TreeSet<Long> batchEnds = new TreeSet<>();

    private long now;
    /** Whether the transaction closes what is open because the source is idle. */
    boolean idle;
    /** The record that the transaction has no room for, because of the rows that must leave before it. */
    @Nullable
    SimRecord held;
    /** Whether what comes out follows from the records alone, however large transactions are. */
    private boolean independent;

    public Simulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        settings = new SimSettings(random);
        rules = settings.rules;
        model = rules.window().newModel();
        policy = SimSettings.policy(random);
        long logStart = random.nextInt(3) == 0 ? random.nextInt(1000) : 0;
        List<SimRecord> source = settings.generator.generate(logStart, settings.records);
        long last = source.get(source.size() - 1).offset();
        kafka = new SimulatedKafka<>(source, logStart, last + 1 + random.nextInt(3));
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

    @Override
    public Map<Happening, Long> happened() {
        model.happened.forEach((what, count) -> happened.merge(what, count, Long::sum));
        model.happened.clear();
        return happened;
    }

    /** Lives until the whole source is committed, and checks that nothing is missing. */
    @Override
    public void run() {
        // Some are restored after every step.
        int steps = random.nextInt(8) == 0 ? 1 : Integer.MAX_VALUE;
        while (committed < kafka.sourceEnd()) {
            live(steps);
        }
        restart.restore();
        assertThat(kafka.outputs).isEqualTo(expected);
        if (independent) {
            happened(Happening.INDEPENDENT_OF_TRANSACTIONS);
            assertThat(kafka.outputs).isEqualTo(rules.oneByOne(kafka.source, birth));
        }
        List<SimRecord> events =
                kafka.source.stream().filter(record -> record.offset() >= birth).toList();
        assertThat(Simulation.ledger(model).total()).isEqualTo(events.size());
        assertThat(Simulation.ledger(model).records())
                .isEqualTo(events.stream().map(SimRecord::offset).distinct().count());
    }

    /** One life, from a restore to the end of the process or of {@code steps}. */
    public void live(int steps) {
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
            } else if (dice < 93) {
                alive = operator.setBack(processor);
            } else if (dice < 94) {
                alive = operator.close(processor);
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
                    throw new SimTransaction.Crash();
                }
                if (!processor.to(transaction).process(records.get(i))) {
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
            now += ProcessorView.BEHIND_MILLIS;
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
                processor.to(transaction).closeIdle();
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

    CommitPoint completeBatch(PartitionProcessor processor, long next, SimTransaction transaction) {
        clock.reached(now, next);
        checkpointClock.reached(now, next);
        return processor.to(transaction).completeBatch(next, now);
    }

    private boolean drain(PartitionProcessor processor, int limit) {
        return transaction(
                processor, false, transaction -> processor.to(transaction).drain(limit));
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

    interface Work {
        CommitPoint in(SimTransaction transaction);
    }

    /** Runs a transaction to one of the ends that transactions have. */
    boolean transaction(PartitionProcessor processor, boolean batch, Work work) {
        boolean attempted = born;
        held = null;
        int limit = settings.largestRoom == Integer.MAX_VALUE
                ? Integer.MAX_VALUE
                : 1 + random.nextInt(settings.largestRoom);
        SimTransaction transaction = kafka.begin(crash() ? random.nextInt(8) : -1, limit);
        CommitPoint point;
        try {
            point = work.in(transaction);
        } catch (SimTransaction.Crash e) {
            if (transaction.failed) {
                happened(CRASH_IN_A_SEND);
            }
            abort(transaction);
            return false;
        }
        if (!crash()) {
            kafka.commit(transaction, point, false);
            commit.compare(transaction, point, batch, processor);
            return true;
        }
        switch (random.nextInt(3)) {
            case 0 -> abort(transaction);
            case 1 -> {
                happened(COMMITTED_BUT_NOT_TOLD);
                kafka.commit(transaction, point, markerLater());
                commit.compare(transaction, point, batch, processor);
            }
            default -> {
                if (kafka.settlePending(transaction, point, random.nextBoolean(), markerLater())) {
                    happened(PENDING_AND_COMMITTED);
                    commit.compare(transaction, point, batch, processor);
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

    private void abort(SimTransaction transaction) {
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

    static io.tally.checkpoint.Ledger ledger(NaiveModel model) {
        return new io.tally.checkpoint.Ledger(
                model.folded, model.late, model.deadLettered, model.filtered, model.missing, model.further);
    }
}
