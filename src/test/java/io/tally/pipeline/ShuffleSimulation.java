package io.tally.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.Fingerprint;
import io.tally.checkpoint.ShuffleFormat;
import io.tally.checkpoint.StateFormat;
import io.tally.codec.RecordDecoder;
import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.sink.ResultEncoder;
import io.tally.engine.EngineView;
import io.tally.engine.WindowResult;
import io.tally.heap.HeapBudget;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline with a shuffle, made of one seed: source partitions that run at any pace, combine and merge stages that
 * commit, abort, or die without knowing which, restored from what is committed after any step, in any order of events
 * that Kafka allows. What must come of it is recounted record by record, each source partition by itself.
 */
final class ShuffleSimulation {
    private static final long SIZE = 10;
    private static final long GRACE = 3;
    private static final long GAP = 6;
    private static final Duration IDLE = Duration.ofHours(1);

    /** What may happen; a suite of seeds must have met all of it. */
    enum Happening {
        COMMIT,
        REPLACED,
        ABORT,
        COMMITTED_BUT_NOT_TOLD,
        RESTORED_MERGE_WITH_REPLAY,
        RESTORED_MERGE_FROM_STATE,
        HANDOVER,
        LATE,
        LATE_PARTIAL,
        EMISSION_REPLAYED,
        IDLE_AND_BACK,
        GROWN,
        CORRECTION,
        TUMBLING_ROW,
        HOPPING_ROW,
        CUMULATIVE_ROW,
        SESSION_ROW,
        TOTALS_ROW,
        TOTALS_WITH_TTL_ROW,
        TOTALS_BEGAN_ANEW,
        LATE_FOR_TOTALS,
        SESSIONS_RUN_AGAIN,
        STEP,
        STEP_WITHIN_A_WINDOW,
        RESTORED_IN_A_STEP,
        SESSIONS_BEHIND_IDLE_SOURCES
    }

    private enum Kind {
        TUMBLING(new WindowKind.Aligned(Windowing.tumbling(Duration.ofMillis(SIZE)))),
        HOPPING(new WindowKind.Aligned(Windowing.hopping(Duration.ofMillis(SIZE), Duration.ofMillis(4)))),
        CUMULATIVE(new WindowKind.Aligned(Windowing.cumulative(Duration.ofMillis(SIZE), Duration.ofMillis(5)))),
        SESSION(new WindowKind.Sessions(Duration.ofMillis(GAP))),
        TOTALS(new WindowKind.Totals(null)),
        TOTALS_WITH_TTL(new WindowKind.Totals(Duration.ofMillis(SIZE)));

        final WindowKind windows;

        Kind(WindowKind windows) {
            this.windows = windows;
        }

        /** What a record is counted in; but for sessions, which depend on the others. */
        List<String> windowsOf(Line line) {
            List<String> found = new ArrayList<>();
            switch (this) {
                case TUMBLING -> found.add(window(Math.floorDiv(line.time, SIZE) * SIZE, SIZE));
                case HOPPING -> {
                    for (long start = Math.floorDiv(line.time, 4) * 4; start > line.time - SIZE; start -= 4) {
                        found.add(window(start, SIZE));
                    }
                }
                case CUMULATIVE -> {
                    long start = Math.floorDiv(line.time, SIZE) * SIZE;
                    for (long length = 5; length <= SIZE; length += 5) {
                        if (line.time < start + length) {
                            found.add(window(start, length));
                        }
                    }
                }
                case TOTALS -> found.add("total");
                default -> throw new IllegalStateException(this + " have no borders of their own");
            }
            return found;
        }

        private static String window(long start, long length) {
            return start + "-" + (start + length);
        }
    }

    private record Line(long offset, String key, long time) {}

    private record Message(long offset, long timestamp, ByteRange value) implements SourceRecord {
        Message(long offset, long timestamp, byte[] value) {
            this(offset, timestamp, ByteRange.of(value));
        }

        @Override
        public @Nullable ByteRange key() {
            return null;
        }
    }

    /** A partition that a stage works on, as the broker keeps it, and the processor that lives at the moment. */
    private static final class Partition {
        final int number;
        final List<Message> log = new ArrayList<>();
        final Map<String, byte[]> state = new HashMap<>();
        boolean present;
        long offset;
        String metadata = "";

        @Nullable
        PartitionProcessor processor;

        Partition(int number) {
            this.number = number;
        }

        long end() {
            return log.isEmpty() ? 0 : log.get(log.size() - 1).offset() + 1;
        }

        CommitMetadata committed() {
            return CommitMetadata.parse(metadata);
        }
    }

    private final Random random;
    private final int targets;
    private final int keys;
    private final Kind kind;
    private final boolean updates;
    /** Allowed, in milliseconds. */
    private final long lateness;

    /** Whether each transaction is followed by a restore. */
    private final boolean restoresAlways;
    /** Whether no source falls idle before its end, and none is added. */
    private final boolean strict;
    /** Whether there is only one source, ever. */
    private final boolean alone;
    /** Whether the rows follow from each source partition by itself. */
    private final boolean recountable;

    private final CheckpointPolicy policy;
    /** The most rows of closing windows in a transaction. */
    private final int largestRoom;

    private final List<Partition> sources = new ArrayList<>();
    private final List<Partition> merges = new ArrayList<>();
    private final List<List<Line>> lines = new ArrayList<>();
    final Map<Happening, Long> happened = new TreeMap<>();
    /** Rows of the sink by window and key: the counts of each row that came, which must be one. */
    private final Map<String, List<Long>> rows = new TreeMap<>();

    private final RuleReader<Long> reader = new RuleReader<>();
    /** Revisions so far. */
    private final Map<String, Long> revisions = new TreeMap<>();
    /** The same of partials that came too late. */
    private final Map<String, List<Long>> latePartials = new TreeMap<>();

    private final List<String> lateLines = new ArrayList<>();
    private final ShuffledTotals totals = new ShuffledTotals(SIZE);
    private long now;

    ShuffleSimulation(long seed) {
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        targets = 1 + random.nextInt(4);
        keys = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 5);
        kind = random.nextBoolean() ? Kind.TUMBLING : Kind.values()[random.nextInt(Kind.values().length)];
        updates = kind == Kind.TOTALS || random.nextInt(3) == 0;
        boolean mayBeCorrected = kind != Kind.TOTALS && kind != Kind.TOTALS_WITH_TTL;
        lateness = mayBeCorrected && random.nextInt(3) == 0 ? 7 : 0;
        restoresAlways = random.nextInt(8) == 0;
        strict = random.nextInt(3) > 0;
        recountable = strict || (kind == Kind.TUMBLING && !updates && lateness == 0);
        long[] intervals = {0, 1, 50, 1L << 40};
        policy = new CheckpointPolicy(
                Duration.ofMillis(intervals[random.nextInt(intervals.length)]),
                random.nextBoolean() ? 1 + random.nextInt(8) : 1L << 40,
                1 + random.nextInt(6),
                random.nextInt(8) == 0,
                Duration.ofMillis(intervals[random.nextInt(intervals.length)]));
        largestRoom = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(6);
        int count = 1 + random.nextInt(4);
        alone = strict && count == 1;
        for (int i = 0; i < count; i++) {
            addSource();
        }
        for (int i = 0; i < targets; i++) {
            merges.add(new Partition(i));
        }
    }

    private void addSource() {
        Partition source = new Partition(sources.size());
        sources.add(source);
        List<Line> log = new ArrayList<>();
        long time = random.nextInt(40);
        // At least one, so that none is waited for in vain.
        int count = 1 + random.nextInt(60);
        for (int i = 0; i < count; i++) {
            time += random.nextInt(random.nextInt(8) == 0 ? 30 : 3);
            long offset = source.end() + (random.nextInt(6) == 0 ? 1 : 0);
            Line line = new Line(offset, "k" + random.nextInt(keys), time - random.nextInt(disorder()));
            log.add(line);
            source.log.add(new Message(offset, offset, (line.time + " " + line.key).getBytes(StandardCharsets.UTF_8)));
        }
        lines.add(log);
    }

    /**
     * A record that is late for one window and not for another counts in the first as long as the merge has not closed
     * it, which depends on the other partitions; so does whether it is late for a session, or for a total if it is
     * older than the ttl.
     */
    private int disorder() {
        return switch (kind) {
            case TUMBLING -> 8;
            case SESSION -> recountable ? (int) GRACE : 8;
            case TOTALS_WITH_TTL -> (int) (alone ? 3 * SIZE : GRACE + SIZE);
            default -> (int) GRACE;
        };
    }

    private void happened(Happening what) {
        happened.merge(what, 1L, Long::sum);
    }

    void run() {
        int growAt = !strict && random.nextBoolean() ? random.nextInt(60) : -1;
        for (int step = 0; !isDone(); step++) {
            assertThat(step).as("steps").isLessThan(200_000);
            now += random.nextInt(10);
            if (step == growAt) {
                grow();
            }
            boolean combine = random.nextBoolean();
            List<Partition> side = combine ? sources : merges;
            // The last one is slow: it holds the others' windows open.
            int slow = combine && random.nextInt(3) > 0 ? side.size() - 1 : side.size();
            Partition partition = side.get(random.nextInt(Math.max(1, slow)));
            step(partition, combine);
        }
        sources.forEach(source -> transact(source, true, Work.IDLE));
        for (Partition merge : merges) {
            while (merge.offset < merge.end() || restored(merge, false).isBehind()) {
                step(merge, false);
            }
        }
        // Totals that no checkpoint has shown yet.
        for (Partition merge : merges) {
            while (restored(merge, false).isDirty()) {
                transact(merge, false, Work.DRAIN);
            }
        }
        check();
    }

    private boolean isDone() {
        return sources.stream().allMatch(source -> source.offset >= source.end())
                && merges.stream().allMatch(merge -> merge.offset >= merge.end());
    }

    private void grow() {
        happened(Happening.GROWN);
        addSource();
        // The stages notice in between, one after the other; here all at once.
        sources.forEach(source -> source.processor = null);
    }

    private enum Work {
        BATCH,
        IDLE,
        DRAIN
    }

    private void step(Partition partition, boolean combine) {
        int dice = random.nextInt(100);
        if (dice < 6) {
            partition.processor = null;
        } else if (dice < 10 && !combine) {
            happened(Happening.HANDOVER);
            while (restored(partition, combine).isDirty()) {
                transact(partition, combine, Work.DRAIN);
            }
            partition.processor = null;
        } else if (dice < 13 && combine && !strict) {
            happened(Happening.IDLE_AND_BACK);
            if (kind == Kind.SESSION) {
                happened(Happening.SESSIONS_BEHIND_IDLE_SOURCES);
            }
            transact(partition, combine, Work.IDLE);
        } else {
            transact(partition, combine, Work.BATCH);
        }
    }

    /** One transaction, with any end. */
    private void transact(Partition partition, boolean combine, Work work) {
        PartitionProcessor processor = restored(partition, combine);
        Sent sent = new Sent();
        CommitPoint point;
        if (work == Work.DRAIN) {
            point = processor.drain(1 + random.nextInt(3), sent);
        } else {
            if (work == Work.IDLE) {
                processor.closeIdle(sent);
            }
            List<Message> batch = work == Work.IDLE ? List.of() : batch(partition);
            for (Message record : batch) {
                if (!processor.process(record, sent)) {
                    break;
                }
            }
            point = processor.completeBatch(processor.nextOffset(), now, sent);
        }
        int end = work == Work.IDLE ? 0 : random.nextInt(10);
        if (end == 9) {
            happened(Happening.ABORT);
            partition.processor = null;
            return;
        }
        sent.shuffled.values().forEach(values -> values.forEach(value -> checkProgress(value, partition, work)));
        commit(partition, point, sent);
        if (end == 8) {
            happened(Happening.COMMITTED_BUT_NOT_TOLD);
            partition.processor = null;
        } else {
            happened(Happening.COMMIT);
            if (processor.isBehind()) {
                happened(point.metadata().rowsLeft() > 0 ? Happening.STEP_WITHIN_A_WINDOW : Happening.STEP);
            }
            checkRestore(partition, combine);
        }
    }

    /** A partition is idle until its next record, and says how far it is. */
    private static void checkProgress(byte[] value, Partition source, Work work) {
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

    private List<Message> batch(Partition partition) {
        int limit = 1 + random.nextInt(12);
        return partition.log.stream()
                .filter(record -> record.offset() >= partition.offset)
                .limit(limit)
                .toList();
    }

    private void commit(Partition partition, CommitPoint point, Sent sent) {
        partition.present = true;
        partition.offset = point.offset();
        partition.metadata = point.metadata().format();
        sent.state.forEach((key, value) -> {
            if (value == null) {
                partition.state.remove(key);
            } else {
                partition.state.put(key, value);
            }
        });
        sent.shuffled.forEach((target, values) -> {
            Partition merge = merges.get(target);
            // The first offset behind a transaction is its marker's.
            long gap = merge.log.isEmpty() ? 0 : 1;
            for (byte[] value : values) {
                merge.log.add(new Message(merge.end() + gap, now, value));
                gap = 0;
            }
        });
        sent.rows.forEach(row -> {
            assertThat(closedEverywhere(row)).as("row %s before its time", row).isTrue();
            happened(Happening.valueOf(kind + "_ROW"));
            if (kind == Kind.TOTALS_WITH_TTL) {
                totals.row(partition.number, row.key(), row.count, row.revision, row.isFinal, updates);
            } else {
                checkRevision(row);
            }
            read(row);
            if (row.isFinal || kind == Kind.TOTALS) {
                rows.computeIfAbsent(row.id, id -> new ArrayList<>()).add(row.count);
            }
        });
        sent.latePartials.forEach(row -> {
            happened(Happening.LATE_PARTIAL);
            latePartials.computeIfAbsent(row.id, id -> new ArrayList<>()).add(row.count);
        });
        lateLines.addAll(sent.late);
    }

    private void read(Row row) {
        boolean total = kind == Kind.TOTALS || kind == Kind.TOTALS_WITH_TTL;
        reader.read(row.key, total ? "" : row.window, row.revision, row.replaces, row.count);
        if (!row.replaces.isEmpty()) {
            happened(Happening.REPLACED);
        }
        if (row.revision > 1 && !updates) {
            happened(Happening.CORRECTION);
        }
    }

    /** They count the rows of a window; a session has another name with each change. */
    private void checkRevision(Row row) {
        if (!recountable || (kind == Kind.SESSION && (updates || lateness > 0))) {
            assertThat(row.revision).as("revision of %s", row).isGreaterThanOrEqualTo(updates || lateness > 0 ? 1 : 0);
        } else {
            assertThat(row.revision)
                    .as("revision of %s", row)
                    .isEqualTo(updates || lateness > 0 ? revisions.merge(row.id, 1L, Long::sum) : 0);
        }
    }

    /** Strictly: no row before every source partition has committed a watermark that ends its window. */
    private boolean closedEverywhere(Row row) {
        if (!strict || isDone() || !row.isFinal) {
            return true;
        }
        for (Partition source : sources) {
            if (!source.present || source.committed().watermark() < row.end) {
                return source.offset >= source.end() && source.present;
            }
        }
        return true;
    }

    /** What another process would find is what this one has. */
    private void checkRestore(Partition partition, boolean combine) {
        PartitionProcessor living = partition.processor;
        if (living == null || (!restoresAlways && random.nextInt(3) > 0)) {
            return;
        }
        PartitionProcessor other = restore(partition, combine);
        assertThat(other.position()).isEqualTo(living.position());
        assertThat(other.isBehind()).isEqualTo(living.isBehind());
        if (other.isBehind()) {
            happened(Happening.RESTORED_IN_A_STEP);
        }
        assertThat(EngineView.rows(other.engine)).isEqualTo(EngineView.rows(living.engine));
        if (restoresAlways || random.nextBoolean()) {
            partition.processor = other;
        }
    }

    private PartitionProcessor restored(Partition partition, boolean combine) {
        if (partition.processor == null) {
            partition.processor = restore(partition, combine);
        }
        return partition.processor;
    }

    private PartitionProcessor restore(Partition partition, boolean combine) {
        StageKind stage = combine ? StageKind.COMBINE : StageKind.MERGE;
        SourcePartition source = new SourcePartition(
                "sim",
                combine ? "tally-sim" : "tally-sim-merge",
                combine ? "events" : "shuffle",
                "bM0VsOhVQQ6q9k",
                partition.number,
                combine ? sources.size() : targets,
                false,
                "state",
                new ShuffleSide(stage, "shuffle", targets, "events", "tally-sim"));
        Restoration restoration = new Restoration(source, spec(stage));
        partition.state.forEach((key, value) -> restoration.state(0, bytes(key), value));
        restoration.load(new Committed(partition.present, partition.offset, partition.metadata, 0, partition.end()));
        if (!combine && restoration.replayFrom() < restoration.replayTo()) {
            happened(Happening.RESTORED_MERGE_WITH_REPLAY);
            if (kind == Kind.SESSION) {
                happened(Happening.SESSIONS_RUN_AGAIN);
            }
        } else if (!combine && partition.state.size() > 1) {
            happened(Happening.RESTORED_MERGE_FROM_STATE);
        }
        if (partition.state.entrySet().stream().anyMatch(entry -> isEmissionAfter(restoration.replayFrom(), entry))) {
            happened(Happening.EMISSION_REPLAYED);
        }
        partition.log.stream()
                .filter(record ->
                        record.offset() >= restoration.replayFrom() && record.offset() < restoration.replayTo())
                .forEach(restoration::replay);
        return restoration.complete("tally-sim:sim:0");
    }

    private PipelineSpec spec(StageKind stage) {
        return new PipelineSpec(
                "sim",
                stage,
                new WindowSpec(
                        kind.windows,
                        Duration.ofMillis(GRACE),
                        Duration.ofMillis(lateness),
                        updates ? Emission.UPDATES : Emission.FINAL),
                IDLE,
                1L << 40,
                HeapBudget.unlimited(),
                List.of(BuiltIn.count()),
                0,
                Codec::new,
                Codec::new,
                policy,
                Fingerprint.of("structure", "replay"));
    }

    /** Each source partition by itself: what is late depends on nothing else. */
    private void check() {
        List<String> expectedLate = new ArrayList<>();
        long folded = 0;
        List<Line> counted = new ArrayList<>();
        List<ShuffledTotals.Read> read = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            long watermark = Long.MIN_VALUE;
            for (Line line : lines.get(i)) {
                watermark = Math.max(watermark, line.time - GRACE);
                long start = Math.floorDiv(line.time, SIZE) * SIZE;
                read.add(new ShuffledTotals.Read(line.key, line.time, watermark));
                if (kind == Kind.TUMBLING && start + SIZE + lateness <= watermark) {
                    expectedLate.add(line.offset + " " + line.time + " " + line.key);
                    happened(Happening.LATE);
                } else {
                    counted.add(line);
                    folded++;
                }
            }
        }
        assertThat(lateLines).containsExactlyInAnyOrderElementsOf(expectedLate);
        checkLedgers(folded);
        if (recountable && kind == Kind.TOTALS_WITH_TTL) {
            checkTotals(read);
        } else if (recountable) {
            checkRows(counted);
        }
        checkReader(counted);
    }

    private void checkTotals(List<ShuffledTotals.Read> read) {
        Map<String, Long> late = new TreeMap<>();
        latePartials.forEach((id, counts) -> counts.forEach(count -> late.merge(id.split(" ")[1], count, Long::sum)));
        assertThat(late).isEqualTo(totals.check(read, updates));
        if (!late.isEmpty()) {
            happened(Happening.LATE_FOR_TOTALS);
        }
        if (totals.beganAnew()) {
            happened(Happening.TOTALS_BEGAN_ANEW);
        }
    }

    private void checkRows(List<Line> counted) {
        Map<String, Long> expected = kind == Kind.SESSION ? sessions(counted) : new TreeMap<>();
        if (kind != Kind.SESSION) {
            counted.forEach(line ->
                    kind.windowsOf(line).forEach(window -> expected.merge(window + " " + line.key, 1L, Long::sum)));
        }
        Map<String, Long> found = new TreeMap<>();
        rows.forEach((id, counts) -> {
            if (kind != Kind.TOTALS && lateness == 0) {
                assertThat(counts).as(id).hasSize(1);
            }
            found.put(id, counts.get(counts.size() - 1));
        });
        if (strict) {
            assertThat(latePartials).isEmpty();
        }
        latePartials.forEach((id, counts) -> counts.forEach(count -> found.merge(id, count, Long::sum)));
        assertThat(found).isEqualTo(expected);
    }

    /** The rows that stand for a reader, and the partials that were late, add up to the records. */
    private void checkReader(List<Line> counted) {
        long found = reader.rows().mapToLong(count -> count).sum()
                + latePartials.values().stream()
                        .flatMap(List::stream)
                        .mapToLong(count -> count)
                        .sum();
        switch (kind) {
            case TUMBLING, SESSION, TOTALS -> assertThat(found).isEqualTo(counted.size());
            // No row has shown those that wait for their turn, nor any before its end if there are no updates.
            case TOTALS_WITH_TTL -> assertThat(found + unshown()).isEqualTo(counted.size());
            default -> {
                if (strict) {
                    assertThat(found)
                            .isEqualTo(counted.stream()
                                    .mapToLong(line -> kind.windowsOf(line).size())
                                    .sum());
                }
            }
        }
    }

    private long unshown() {
        return merges.stream()
                .flatMap(merge -> EngineView.rows(restored(merge, false).engine).stream())
                .filter(row -> row.numbers().contains("revision 0 "))
                .mapToLong(row -> Long.parseLong(row.results()))
                .sum();
    }

    private void checkLedgers(long folded) {
        assertThat(sources.stream()
                        .mapToLong(s -> s.committed().ledger().folded())
                        .sum())
                .isEqualTo(folded)
                .isEqualTo(merges.stream()
                        .filter(merge -> merge.present)
                        .mapToLong(merge -> merge.committed().ledger().folded()
                                + merge.committed().ledger().late())
                        .sum());
    }

    private static Map<String, Long> sessions(List<Line> lines) {
        Map<String, Long> sessions = new TreeMap<>();
        Map<String, List<Long>> times = new TreeMap<>();
        lines.forEach(line ->
                times.computeIfAbsent(line.key, key -> new ArrayList<>()).add(line.time));
        times.forEach((key, all) -> {
            Collections.sort(all);
            int first = 0;
            for (int i = 1; i <= all.size(); i++) {
                if (i == all.size() || all.get(i) - all.get(i - 1) >= GAP) {
                    sessions.put(all.get(first) + "-" + (all.get(i - 1) + GAP) + " " + key, (long) (i - first));
                    first = i;
                }
            }
        });
        return sessions;
    }

    private record Row(
            String key,
            String window,
            String id,
            long end,
            long count,
            long revision,
            boolean isFinal,
            List<String> replaces) {}

    /** What a transaction has sent so far. */
    private final class Sent implements Outbox {
        final Map<String, byte @Nullable []> state = new TreeMap<>();
        final Map<Integer, List<byte[]>> shuffled = new TreeMap<>();
        final int limit = largestRoom == Integer.MAX_VALUE ? largestRoom : 1 + random.nextInt(largestRoom);
        final List<Row> rows = new ArrayList<>();
        final List<Row> latePartials = new ArrayList<>();
        final List<String> late = new ArrayList<>();

        @Override
        public void result(byte[] key, byte[] value) {
            rows.add(row(key, value));
        }

        @Override
        public boolean hasRoom() {
            return rows.size() < limit;
        }

        private Row row(byte[] key, byte[] value) {
            String[] parts = new String(value, StandardCharsets.UTF_8).split(" ");
            String window = kind == Kind.TOTALS || kind == Kind.TOTALS_WITH_TTL ? "total" : parts[0] + "-" + parts[1];
            String name = new String(key, StandardCharsets.UTF_8);
            return new Row(
                    name,
                    window,
                    window + " " + name,
                    Long.parseLong(parts[1]),
                    Long.parseLong(parts[2]),
                    Long.parseLong(parts[3]),
                    Boolean.parseBoolean(parts[4]),
                    List.of(parts).subList(5, parts.length));
        }

        @Override
        public void shuffle(int partition, byte[] value) {
            shuffled.computeIfAbsent(partition, any -> new ArrayList<>()).add(value);
        }

        @Override
        public void late(SourceRecord record, Lateness lateness) {
            late.add(record.offset() + " " + new String(record.value().copy(), StandardCharsets.UTF_8));
        }

        @Override
        public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
            latePartials.add(row(key, row));
        }

        @Override
        public void deadLetter(SourceRecord record, Rejection rejection) {
            throw new AssertionError("no record is unreadable, but " + rejection);
        }

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            state.put(new String(key, StandardCharsets.ISO_8859_1), value);
        }
    }

    private static boolean isEmissionAfter(long offset, Map.Entry<String, byte[]> record) {
        StateFormat format = new StateFormat();
        byte[] key = bytes(record.getKey());
        return format.kind(key) == StateFormat.Kind.EMISSION
                && format.readEmission(key, record.getValue()).at() > offset;
    }

    private static byte[] bytes(String key) {
        return key.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Lines of {@code time key}. */
    private static final class Codec implements RecordDecoder, ResultEncoder {
        @Override
        public Verdict decode(SourceRecord record, Event event) {
            String[] columns = new String(record.value().copy(), StandardCharsets.UTF_8).split(" ");
            event.time(Long.parseLong(columns[0]));
            byte[] key = columns[1].getBytes(StandardCharsets.UTF_8);
            event.key(key, 0, key.length);
            return Verdict.ACCEPTED;
        }

        @Override
        public @Nullable Rejection rejection() {
            return null;
        }

        @Override
        public byte[] encode(WindowResult result) {
            return (result.start() + " " + result.end() + " " + result.values()[0] + " " + result.revision() + " "
                            + result.isFinal()
                            + result.replaces().stream()
                                    .map(window -> " " + window.start() + "-" + window.end())
                                    .collect(Collectors.joining()))
                    .getBytes(StandardCharsets.UTF_8);
        }
    }
}
