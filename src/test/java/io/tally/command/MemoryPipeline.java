package io.tally.command;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.key.Partitioner;
import io.tally.kafka.transaction.SideRecords;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.OffsetRange;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.Restoration;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.ShuffleDefinition;
import io.tally.plan.Topics;
import io.tally.testkafka.OffsetCommit;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Has the processors of a pipeline work on topics in memory, as its lanes would on a broker. */
public final class MemoryPipeline {
    private static final int BATCH = 50;
    private static final int SHUFFLE_PARTITIONS = 2;

    /** Rows are written, and this later their transaction is committed. */
    public static final int MILLIS_TO_COMMIT = 5;

    private static final String WRITER = "group:instance:0";

    private final PipelineDefinition pipeline;
    private final MemoryLog log;
    private final boolean byKey;
    /** Decides where transactions end and how time goes by; null for as evenly as can be. */
    private final @Nullable Random random;
    /** When the outputs of the running transaction are written: another time for each. */
    private long written;
    /** How many rows that transaction has. */
    private int rows;

    private MemoryPipeline(PipelineDefinition pipeline, MemoryLog log, boolean byKey, @Nullable Random random) {
        this.pipeline = pipeline;
        this.log = log;
        this.byKey = byKey;
        this.random = random;
    }

    /** Processes the whole source, and writes all outputs and the offsets. Rows are where their source records are. */
    public static void run(PipelineDefinition pipeline, MemoryLog log) {
        run(pipeline, log, false, null);
    }

    /** The same, with transactions, time and silence as they come, and perhaps a planned stop at the end. */
    public static void run(PipelineDefinition pipeline, MemoryLog log, Random random) {
        run(pipeline, log, true, random);
    }

    /** The same, but rows are where a producer puts them, by their record keys. */
    public static void runByKey(PipelineDefinition pipeline, MemoryLog log) {
        run(pipeline, log, true, null);
    }

    private static void run(PipelineDefinition pipeline, MemoryLog log, boolean byKey, @Nullable Random random) {
        Topics topics = pipeline.topics();
        int partitions = log.partitions(topics.source());
        topics.sinks().forEach(sink -> log.topic(sink, 2));
        log.topic(topics.late(), partitions).topic(topics.deadLetter(), partitions);
        MemoryPipeline memory = new MemoryPipeline(pipeline, log, byKey, random);
        ShuffleDefinition shuffle = pipeline.shuffle();
        if (shuffle == null) {
            memory.run(StageKind.DIRECT, topics.source(), pipeline.groupId());
        } else {
            log.topic(shuffle.topic(), SHUFFLE_PARTITIONS);
            memory.run(StageKind.COMBINE, topics.source(), pipeline.groupId());
            memory.run(StageKind.MERGE, shuffle.topic(), pipeline.groupId() + ShuffleDefinition.MERGE_SUFFIX);
        }
    }

    private void run(StageKind stage, String topic, String group) {
        int partitions = log.partitions(topic);
        List<Work> works = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            works.add(new Work(stage, topic, group, partition, partitions));
        }
        // In turns, as a lane does that has all of them.
        boolean goesOn = byKey;
        while (goesOn) {
            goesOn = false;
            for (Work work : works) {
                goesOn |= random != null && random.nextInt(3) == 0 ? work.goesOn() : work.step();
            }
        }
        SortedMap<Integer, CommittedOffset> committed = new TreeMap<>();
        works.forEach(work -> committed.put(work.partition, work.finish()));
        log.commit(group, topic, committed);
    }

    /** A partition at work. */
    private final class Work {
        private final int partition;
        private final String topic;
        private final String group;
        private final OffsetRange range;
        private final PartitionProcessor processor;
        private final boolean isStopped = random != null && random.nextBoolean();
        private long next;
        private long now;

        Work(StageKind stage, String topic, String group, int partition, int partitions) {
            this.partition = partition;
            this.topic = topic;
            this.group = group;
            Topics topics = pipeline.topics();
            ShuffleDefinition shuffle = pipeline.shuffle();
            SourcePartition source = new SourcePartition(
                    pipeline.name(),
                    group,
                    topic,
                    "id",
                    partition,
                    partitions,
                    false,
                    topics.state(),
                    shuffle == null
                            ? null
                            : new ShuffleSide(
                                    stage, shuffle.topic(), SHUFFLE_PARTITIONS, topics.source(), pipeline.groupId()));
            range = log.range(topic, partition);
            next = range.from();
            Restoration restoration = new Restoration(source, pipeline.spec().forStage(stage));
            restoration.load(new Committed(false, range.from(), "", range.from(), range.to()));
            processor = restoration.complete(WRITER).to(new Topicwise(partition));
            processor.clock(Instant.parse("2026-01-31T12:00:00Z").toEpochMilli());
            if (log.partitions(OffsetCommit.TOPIC) > 0) {
                // As lanes do before the first record.
                commit(processor.completeBatch(next, now));
            }
        }

        boolean goesOn() {
            return next < range.to() || processor.isBehind();
        }

        /** Processes a batch; false if there was none. */
        boolean step() {
            if (!goesOn()) {
                return false;
            }
            int batch = random == null ? BATCH : 1 + random.nextInt(BATCH);
            int[] inBatch = {0};
            long[] refused = {-1};
            next = log.read(topic, partition, new OffsetRange(next, range.to()), record -> {
                if (!processor.process(record)) {
                    refused[0] = record.offset();
                    return false;
                }
                return ++inBatch[0] < batch;
            });
            if (refused[0] >= 0) {
                next = refused[0];
            }
            commit(processor.completeBatch(next, now));
            if (random != null) {
                pass(random);
            }
            return true;
        }

        /** Also where the broker keeps commits, if the test has made that topic. */
        private void commit(CommitPoint point) {
            int partitions = log.partitions(OffsetCommit.TOPIC);
            if (partitions > 0) {
                log.append(
                        OffsetCommit.TOPIC,
                        Math.floorMod(Math.abs(group.hashCode()), partitions),
                        written + MILLIS_TO_COMMIT,
                        OffsetCommit.key(group, topic, partition),
                        OffsetCommit.value(
                                (short) 3, point.offset(), point.metadata().format()),
                        Map.of());
            }
            written += 2 * MILLIS_TO_COMMIT;
            rows = 0;
        }

        /** Some time goes by, perhaps so much that the source is idle. */
        private void pass(Random chance) {
            Duration idle = pipeline.spec().idleTimeout();
            now += chance.nextInt(150);
            if (idle != null && chance.nextInt(4) == 0) {
                processor.isIdle(now);
                now += idle.toMillis();
                if (processor.isIdle(now)) {
                    processor.closeIdle();
                    commit(processor.completeBatch(next, now));
                }
            } else if (chance.nextInt(4) == 0) {
                commit(processor.completeBatch(next, now));
            }
        }

        /** Processes the rest, and says what to commit. */
        CommittedOffset finish() {
            boolean goesOn = true;
            while (goesOn) {
                goesOn = step();
            }
            CommitPoint last = processor.completeBatch(range.to(), now);
            commit(last);
            String metadata = last.metadata().format();
            while (isStopped && processor.isDirty()) {
                metadata = processor.drain(5).metadata().format();
            }
            processor.discard();
            return new CommittedOffset(range.to(), metadata);
        }
    }

    /** Puts each output where it belongs. */
    private final class Topicwise implements Outbox {
        private final int partition;

        Topicwise(int partition) {
            this.partition = partition;
        }

        @Override
        public boolean hasRoom(int besides) {
            return rows + besides < pipeline.transactions().rows();
        }

        @Override
        public void result(int sink, byte[] key, byte[] value) {
            rows++;
            int target = byKey ? Partitioner.MURMUR2.partition(key, 0, key.length, 2) : partition % 2;
            log.append(pipeline.topics().sinks().get(sink), target, written, key, value, Map.of());
        }

        @Override
        public void late(SourceRecord record, Lateness lateness) {
            Map<String, byte[]> headers = coordinates(record);
            headers.put(SideRecords.EVENT_TIME, time(lateness.eventTime()));
            headers.put(SideRecords.WINDOW_START, time(lateness.windowStart()));
            headers.put(SideRecords.WINDOW_END, time(lateness.windowEnd()));
            headers.put(SideRecords.WATERMARK, time(lateness.watermark()));
            side(pipeline.topics().late(), record, headers);
        }

        @Override
        public void deadLetter(SourceRecord record, Rejection rejection) {
            Map<String, byte[]> headers = coordinates(record);
            headers.put(SideRecords.REASON, text(rejection.reason().name()));
            side(pipeline.topics().deadLetter(), record, headers);
        }

        private void side(String topic, SourceRecord record, Map<String, byte[]> headers) {
            if (record.events() > 0) {
                headers.put(SideRecords.EVENT_NUMBER, text(Integer.toString(record.event())));
            }
            log.append(topic, partition, 0, copy(record.key()), copy(record.value()), headers);
        }

        private Map<String, byte[]> coordinates(SourceRecord record) {
            Map<String, byte[]> headers = new HashMap<>();
            headers.put(SideRecords.ORIGINAL_TOPIC, text(pipeline.topics().source()));
            headers.put(SideRecords.ORIGINAL_GROUP, text(pipeline.groupId()));
            headers.put(
                    SideRecords.ORIGINAL_PARTITION,
                    ByteBuffer.allocate(Integer.BYTES).putInt(partition).array());
            headers.put(
                    SideRecords.ORIGINAL_OFFSET,
                    ByteBuffer.allocate(Long.BYTES).putLong(record.offset()).array());
            return headers;
        }

        private static byte @Nullable [] copy(@Nullable ByteRange range) {
            return range == null ? null : range.copy();
        }

        private static byte[] time(long time) {
            return text(Instant.ofEpochMilli(time).toString());
        }

        private static byte[] text(String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public void shuffle(int target, byte[] value) {
            log.append(Objects.requireNonNull(pipeline.shuffle()).topic(), target, 0, null, value, Map.of());
        }

        @Override
        public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
            log.append(
                    pipeline.topics().late(),
                    partition % log.partitions(pipeline.topics().late()),
                    0,
                    key,
                    row,
                    Map.of("tally_partial", text("true")));
        }

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            // Nothing is ever restored.
        }
    }
}
