package io.tally.simulation.shuffle;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.StateInput;
import io.tally.checkpoint.ShuffleFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.engine.EngineView;
import io.tally.engine.Reopening;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.ProcessorView;
import io.tally.simulation.Seeds;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimTransaction;
import io.tally.simulation.SimWindow.Kind;
import io.tally.simulation.SimulatedKafka;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A pipeline with a shuffle, made of one seed. Its source partitions run at any pace. Its combine and merge stages
 * commit, abort, or die without knowing which, and after any step they are restored from what is committed. Events come
 * in any order that Kafka allows. What must come of it is in {@link ShuffleRecount}.
 */
final class ShuffleSimulation implements Seeds.Life<ShuffleHappening> {
    private final Random random;
    private final ShuffleSettings settings;
    private final List<ShufflePartition<SimRecord>> sources = new ArrayList<>();
    private final List<ShufflePartition<ShufflePartition.Message>> merges = new ArrayList<>();
    private final Map<ShuffleHappening, Long> happened = new EnumMap<>(ShuffleHappening.class);
    private final ShuffleSink sink;
    private final ShuffleRestart restart;
    private long now;
    /** Where the transaction sets the watermark back to, if it does. */
    private long setBackTo;

    ShuffleSimulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        settings = new ShuffleSettings(random);
        sink = new ShuffleSink(settings, this::happened);
        restart = new ShuffleRestart(settings, random, sources, this::happened);
        for (int i = 0; i < settings.sources; i++) {
            addSource();
        }
        for (int i = 0; i < settings.targets; i++) {
            merges.add(new ShufflePartition<>(StageKind.MERGE, i, new ArrayList<>()));
        }
    }

    private void addSource() {
        sources.add(new ShufflePartition<>(StageKind.COMBINE, sources.size(), settings.source(random)));
    }

    private void happened(ShuffleHappening what) {
        happened.merge(what, 1L, Long::sum);
    }

    @Override
    public Map<ShuffleHappening, Long> happened() {
        return happened;
    }

    @Override
    public String toString() {
        return settings + "; after " + happened;
    }

    @Override
    public void run() {
        int growAt = !settings.strict && random.nextBoolean() ? random.nextInt(60) : -1;
        for (int step = 0; !isDone(); step++) {
            assertThat(step).as("steps").isLessThan(200_000);
            now += random.nextInt(10);
            if (step == growAt) {
                grow();
            }
            if (random.nextBoolean()) {
                // The last one is slow: it holds the others' windows open.
                int slow = random.nextInt(3) > 0 ? sources.size() - 1 : sources.size();
                step(sources.get(random.nextInt(Math.max(1, slow))));
            } else {
                step(merges.get(random.nextInt(merges.size())));
            }
        }
        sources.forEach(source -> transact(source, Work.IDLE));
        for (ShufflePartition<?> merge : merges) {
            while (!merge.isAtEnd() || restart.restored(merge).isBehind()) {
                step(merge);
            }
        }
        // Totals that no checkpoint has shown yet.
        for (ShufflePartition<?> merge : merges) {
            drain(merge);
        }
        new ShuffleRecount(settings, sink, this::happened).check(sources, merges, unshown());
    }

    private boolean isDone() {
        return sources.stream().allMatch(ShufflePartition::isAtEnd)
                && merges.stream().allMatch(ShufflePartition::isAtEnd);
    }

    private void grow() {
        happened(ShuffleHappening.GROWN);
        addSource();
        // The stages notice in between, one after the other; here all at once.
        sources.forEach(source -> source.processor = null);
    }

    private enum Work {
        BATCH,
        IDLE,
        DRAIN,
        SET_BACK
    }

    private void step(ShufflePartition<?> partition) {
        boolean combine = partition.stage == StageKind.COMBINE;
        int dice = random.nextInt(100);
        if (dice < 6) {
            partition.processor = null;
        } else if (dice < 10 && !combine) {
            happened(ShuffleHappening.HANDOVER);
            drain(partition);
            partition.processor = null;
        } else if (dice < 13 && combine && !settings.strict) {
            happened(ShuffleHappening.IDLE_AND_BACK);
            if (settings.window.kind() == Kind.SESSION) {
                happened(ShuffleHappening.SESSIONS_BEHIND_IDLE_SOURCES);
            }
            transact(partition, Work.IDLE);
        } else if (dice < 16) {
            partition.kafka.state.compact(random);
        } else if (dice < 18 && settings.setsBack) {
            setBack(partition);
        } else {
            transact(partition, Work.BATCH);
        }
    }

    private void setBack(ShufflePartition<?> partition) {
        PartitionProcessor processor = restart.restored(partition);
        if (processor.watermark() == Long.MIN_VALUE || processor.isBehind()) {
            return;
        }
        setBackTo = processor.watermark() - 1 - random.nextInt(3 * (int) ShuffleSettings.SIZE);
        // What the idle timeout would do afterwards does not matter here.
        if (!Reopening.splitsRows(ProcessorView.engine(processor), setBackTo)) {
            transact(partition, Work.SET_BACK);
            partition.processor = null;
        }
    }

    private void drain(ShufflePartition<?> partition) {
        while (restart.restored(partition).isDirty()) {
            transact(partition, Work.DRAIN);
        }
    }

    /** One transaction, with any end. */
    private void transact(ShufflePartition<?> partition, Work work) {
        PartitionProcessor processor = restart.restored(partition);
        int room = settings.largestRoom;
        SimTransaction sent = partition.kafka.begin(-1, room == Integer.MAX_VALUE ? room : 1 + random.nextInt(room));
        CommitPoint point = work(partition, processor, work, sent);
        int end = work == Work.IDLE ? 0 : random.nextInt(10);
        if (end == 9) {
            happened(ShuffleHappening.ABORT);
            partition.kafka.abort(sent, markerLater());
            partition.processor = null;
            return;
        }
        sent.shuffled.values().forEach(values -> values.forEach(value -> checkProgress(value, partition, work)));
        partition.kafka.commit(sent, point, end == 8 && markerLater());
        if (work == Work.SET_BACK) {
            boolean combine = partition.stage == StageKind.COMBINE;
            happened(combine ? ShuffleHappening.SET_BACK_COMBINE : ShuffleHappening.SET_BACK_MERGE);
            assertThat(point.metadata().watermark()).isEqualTo(setBackTo);
            partition.setBacks.put(point.offset(), setBackTo);
            partition.processor = null;
        }
        committed(partition, sent);
        if (end == 8) {
            happened(ShuffleHappening.COMMITTED_BUT_NOT_TOLD);
            partition.processor = null;
        } else {
            happened(ShuffleHappening.COMMIT);
            if (point.metadata().expired() != null) {
                happened(ShuffleHappening.TOMBSTONES_LEFT);
            }
            if (processor.isBehind()) {
                happened(
                        point.metadata().rowsLeft() > 0
                                ? ShuffleHappening.STEP_WITHIN_A_WINDOW
                                : ShuffleHappening.STEP);
            }
            restart.check(partition);
        }
    }

    private CommitPoint work(
            ShufflePartition<?> partition, PartitionProcessor processor, Work work, SimTransaction sent) {
        if (work == Work.SET_BACK) {
            return processor.to(sent).setBack(processor.setBackTo(setBackTo));
        }
        if (work == Work.DRAIN) {
            return processor.to(sent).drain(1 + random.nextInt(3));
        }
        if (work == Work.IDLE) {
            processor.to(sent).closeIdle();
        } else {
            int limit = 1 + random.nextInt(12);
            for (SourceRecord record : partition.kafka.fetch(partition.kafka.offset(), Long.MAX_VALUE, limit)) {
                if (!processor.to(sent).process(record)) {
                    break;
                }
            }
        }
        return processor.to(sent).completeBatch(processor.nextOffset(), now);
    }

    /** Whoever does not live to see it may find the marker on its way. */
    private boolean markerLater() {
        boolean later = random.nextBoolean();
        if (later) {
            happened(ShuffleHappening.STATE_MARKER_LATER);
        }
        return later;
    }

    /** A partition is idle until its next record, and says how far it is. */
    private static void checkProgress(byte[] value, ShufflePartition<?> source, Work work) {
        ShuffleFormat.read(value, new ShuffleFormat.Visitor() {
            @Override
            public void source(String structure, boolean byWatermark, int partition, int partitions) {
                assertThat(partition).isEqualTo(source.number);
            }

            @Override
            public void partial(long first, long last, byte[] record, int start, int length, StateInput accumulators) {
                assertThat(work).isEqualTo(Work.BATCH);
            }

            @Override
            public void progress(long offset, long watermark, boolean idle) {
                assertThat(idle).isEqualTo(work == Work.IDLE);
                assertThat(offset).isEqualTo(source.processor.nextOffset());
            }
        });
    }

    /** What others see of a transaction. */
    private void committed(ShufflePartition<?> partition, SimTransaction sent) {
        assertThat(sent.sent).as("no record is unreadable").noneMatch(line -> line.startsWith("dead letter"));
        sent.shuffled.forEach((target, values) -> {
            SimulatedKafka<ShufflePartition.Message> merge = merges.get(target).kafka;
            // The first offset behind a transaction is its marker's.
            long gap = merge.sourceEnd() == 0 ? 0 : 1;
            for (byte[] value : values) {
                merge.append(new ShufflePartition.Message(merge.sourceEnd() + gap, now, ByteRange.of(value)));
                gap = 0;
            }
        });
        for (SimTransaction.Row sentRow : sent.rows) {
            ShuffleRow row = ShuffleRow.read(sentRow, settings.isTotal());
            assertThat(closedEverywhere(row)).as("row %s before its time", row).isTrue();
            sink.row(partition.number, row);
        }
        sent.latePartials.forEach(row -> sink.latePartial(ShuffleRow.read(row, settings.isTotal())));
        sink.late(partition.number, sent);
    }

    /** Strictly: no row before every source partition has committed a watermark that ends its window. */
    private boolean closedEverywhere(ShuffleRow row) {
        if (!settings.strict || isDone() || !row.isFinal()) {
            return true;
        }
        for (ShufflePartition<SimRecord> source : sources) {
            if (!source.kafka.isPresent() || source.committed().watermark() < row.end()) {
                return source.isAtEnd() && source.kafka.isPresent();
            }
        }
        return true;
    }

    /** Records in open rows that no row has shown. */
    private long unshown() {
        return merges.stream()
                .flatMap(merge -> EngineView.rows(ProcessorView.engine(restart.restored(merge))).stream())
                .filter(row -> row.numbers().contains("revision 0 "))
                .mapToLong(row -> Long.parseLong(row.results()))
                .sum();
    }
}
