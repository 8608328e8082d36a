package io.tally.pipeline.partition;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.Rejection;
import io.tally.codec.SourceFormat;
import io.tally.codec.SourceRecord;
import io.tally.codec.TestRecord;
import io.tally.codec.decode.Decoders;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.key.KeySpec;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.time.TimestampSpec;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.PipelineSpec;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimWindow;
import io.tally.simulation.Simulation;
import io.tally.simulation.StateLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Records whose times a clock must judge, in a partition that is restored after every transaction. */
class AheadClockTest {
    private static final long MINUTE = 60_000;
    private static final long MAX_AHEAD = 10 * MINUTE;
    private static final long START = TestRecord.NEW_YEAR;

    private static final Pattern ROW = Pattern.compile("v1 (\\S+ \\S+) = (\\d+)");

    /** The state of one partition, which is restored after each transaction or never. */
    private static final class Bench {
        final PipelineSpec spec;
        final List<StateLog.Message> state = new ArrayList<>();
        final List<TestRecord> source;
        final boolean restores;
        PartitionProcessor processor;
        CommitMetadata metadata;

        Bench(CheckpointPolicy policy, List<TestRecord> source, boolean restores) {
            this.source = source;
            this.restores = restores;
            PipelineSpec plain = HandFedPartition.RULES
                    .withStructure(SimWindow.tumbling(MINUTE), List.of(SimAggregate.COUNT))
                    .spec(policy, Long.MAX_VALUE);
            SourceFormat format = new ColumnsFormat(List.of("time", "key"), ' ');
            TimestampSpec time = new TimestampSpec(
                    "time", "epoch-millis", ZoneOffset.UTC, Instant.EPOCH, Duration.ofMillis(MAX_AHEAD));
            KeySpec key = new KeySpec(List.of("key"), false, 10);
            spec = HandFedPartition.with(
                    plain, BuiltIn.count(), () -> Decoders.create(format, time, key, FilterSpec.NONE, List.of()));
            Restoration restoration = new Restoration(Simulation.SOURCE, spec);
            restoration.load(new Committed(false, 0, "", 0, 0));
            processor = restoration.complete(Simulation.ID);
            metadata = processor.position().metadata();
        }

        List<String> read(long wall, long steady) {
            Recorder outbox = new Recorder(state);
            long next = processor.nextOffset();
            for (TestRecord record : source.subList((int) next, source.size())) {
                processor.clock(wall);
                processor.to(outbox).process(record);
            }
            metadata = processor.to(outbox).completeBatch(source.size(), steady).metadata();
            if (restores) {
                restore();
            }
            return outbox.sent;
        }

        void restore() {
            Restoration restoration = new Restoration(Simulation.SOURCE, spec);
            state.forEach(message -> restoration.state(message.offset(), message.key(), message.value()));
            restoration.load(new Committed(true, source.size(), metadata.format(), 0, source.size()));
            for (long offset = restoration.replayFrom(); offset < restoration.replayTo(); offset++) {
                restoration.replay(source.get((int) offset));
            }
            processor = restoration.complete(Simulation.ID);
        }
    }

    /** What a reader of the topics sees. */
    private static final class Recorder extends Nowhere {
        final List<String> sent = new ArrayList<>();
        private final List<StateLog.Message> state;

        Recorder(List<StateLog.Message> state) {
            this.state = state;
        }

        @Override
        public void result(int sink, byte[] key, byte[] value) {
            sent.add(new String(value, StandardCharsets.UTF_8));
        }

        @Override
        public void late(SourceRecord record, Lateness lateness) {
            sent.add("late " + record.offset() + " " + lateness);
        }

        @Override
        public void deadLetter(SourceRecord record, Rejection rejection) {
            sent.add("dead " + record.offset() + " " + rejection);
        }

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            state.add(new StateLog.Message(state.size(), key, value));
        }
    }

    /** Each record is counted as often as it was not refused, whatever a replay would have thought of it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void aReplayDecidesAsTheFirstReadingDid(int seed) {
        Random random = new Random(seed);
        CheckpointPolicy policy = new CheckpointPolicy(
                Duration.ofMillis(random.nextInt(4) * 50L),
                1 + random.nextInt(40),
                1 + random.nextInt(3),
                false,
                Duration.ZERO);
        List<TestRecord> source = new ArrayList<>();
        Bench bench = new Bench(policy, source, true);
        List<String> sent = new ArrayList<>();
        long wall = START;
        long latest = 0;
        for (int batch = 0; batch < 120; batch++) {
            // Sometimes nobody reads for hours, and sometimes the clock was wrong.
            wall += random.nextInt(12) == 0 ? random.nextInt(300) * MINUTE : random.nextLong(2 * MINUTE);
            wall -= random.nextInt(20) == 0 ? 30 * MINUTE : 0;
            latest = Math.max(latest, wall);
            for (int i = random.nextInt(6); i >= 0; i--) {
                source.add(record(source.size(), wall, random));
            }
            sent.addAll(bench.read(wall, batch * 20L));
            assertThat(bench.metadata.format().length()).isLessThan(1_000);
        }
        // In time of any watermark, so that all windows close.
        latest += 20_000 * MINUTE;
        source.add(at(source.size(), latest));
        sent.addAll(bench.read(latest, 1_000_000));
        assertThat(rows(sent)).as("seed %d", seed).isEqualTo(expected(source, sent));
        assertThat(bench.metadata.ledger().deadLettered()).isPositive();
        assertThat(bench.metadata.ledger().late()).isPositive();
    }

    private static Map<String, Long> rows(List<String> sent) {
        Map<String, Long> rows = new TreeMap<>();
        for (String line : sent) {
            Matcher row = ROW.matcher(line);
            if (row.matches()) {
                rows.merge(row.group(1), Long.parseLong(row.group(2)), Long::sum);
            }
        }
        return rows;
    }

    /** Of the records that were neither refused nor late; but for the last. */
    private static Map<String, Long> expected(List<TestRecord> source, List<String> sent) {
        Set<Long> gone = new HashSet<>();
        for (String line : sent) {
            if (line.startsWith("dead ") || line.startsWith("late ")) {
                gone.add(Long.parseLong(line.split(" ")[1]));
            }
        }
        Map<String, Long> rows = new TreeMap<>();
        for (TestRecord record : source.subList(0, source.size() - 1)) {
            if (!gone.contains(record.offset())) {
                String[] columns =
                        new String(Objects.requireNonNull(record.value()).copy(), StandardCharsets.UTF_8).split(" ");
                long start = Math.floorDiv(Long.parseLong(columns[0]), MINUTE) * MINUTE;
                String key = HexFormat.of().formatHex(columns[1].getBytes(StandardCharsets.UTF_8));
                rows.merge("[" + start + "," + (start + MINUTE) + ") " + key, 1L, Long::sum);
            }
        }
        return rows;
    }

    /** Ahead by hardly anything to far, with a timestamp that says the same, nothing, or nonsense. */
    private static TestRecord record(int offset, long wall, Random random) {
        long[] ahead = {0, MAX_AHEAD - 1, MAX_AHEAD + MINUTE, MAX_AHEAD + 3 * MINUTE, MAX_AHEAD + 600 * MINUTE};
        long time = wall + ahead[random.nextInt(random.nextInt(3) == 0 ? ahead.length : 2)] - random.nextLong(MINUTE);
        long[] stamps = {time, 0, wall, -1, wall / 1000};
        TestRecord record = TestRecord.of("k", time + " k" + random.nextInt(3));
        return new TestRecord(
                offset,
                stamps[random.nextInt(stamps.length)],
                record.key(),
                record.value(),
                0,
                1,
                random.nextInt(9) == 0);
    }

    /**
     * A minute or two more than allowed is let through, nothing that is allowed is refused, however long nobody read.
     */
    @Test
    void keepsToTheClockWhateverTheTime() {
        Random random = new Random(3);
        List<TestRecord> source = new ArrayList<>();
        Bench bench = new Bench(HandFedPartition.EAGER, source, true);
        long wall = START;
        for (int i = 0; i < 300; i++) {
            wall += random.nextInt(5) == 0 ? random.nextInt(3_000) * MINUTE : random.nextLong(MINUTE);
            long before = bench.metadata.ledger().deadLettered();
            source.add(at(source.size(), wall + MAX_AHEAD));
            bench.read(wall, i);
            assertThat(bench.metadata.ledger().deadLettered()).isEqualTo(before);
            source.add(at(source.size(), wall + MAX_AHEAD + 5 * MINUTE));
            bench.read(wall, i);
            assertThat(bench.metadata.ledger().deadLettered()).isEqualTo(before + 1);
        }
    }

    private static TestRecord at(int offset, long time) {
        TestRecord record = TestRecord.of("k", time + " k");
        return new TestRecord(offset, time, record.key(), record.value());
    }

    /** Other versions can go on where they would decide the same. */
    @Test
    void saysNothingOfTheClockWhereItMadeNoDifference() {
        List<TestRecord> source = new ArrayList<>();
        Bench bench = new Bench(HandFedPartition.LAZY, source, false);
        source.add(at(0, START));
        bench.read(START, 0);
        assertThat(bench.metadata.format()).startsWith("tally1 ");
        source.add(at(1, START + 1_000 * MINUTE));
        bench.read(START, 0);
        assertThat(bench.metadata.ledger().deadLettered()).isEqualTo(1);
        assertThat(bench.metadata.format()).startsWith("tally7 ").contains(" a=0:");
        bench.restore();
        assertThat(bench.processor.position().metadata()).isEqualTo(bench.metadata);
    }
}
