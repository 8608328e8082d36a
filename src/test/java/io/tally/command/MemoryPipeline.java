package io.tally.command;

import io.tally.codec.Rejection;
import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.kafka.transaction.SideRecords;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Lateness;
import io.tally.pipeline.Outbox;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.OffsetRange;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.Restoration;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.Topics;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Has the processors of a pipeline without a shuffle work on topics in memory, as its lanes would on a broker. */
public final class MemoryPipeline {
    private static final int BATCH = 50;

    private final PipelineDefinition pipeline;
    private final MemoryLog log;

    private MemoryPipeline(PipelineDefinition pipeline, MemoryLog log) {
        this.pipeline = pipeline;
        this.log = log;
    }

    /** Processes the whole source, and writes all outputs and the offsets. */
    public static void run(PipelineDefinition pipeline, MemoryLog log) {
        Topics topics = pipeline.topics();
        int partitions = log.partitions(topics.source());
        topics.sinks().forEach(sink -> log.topic(sink, 2));
        log.topic(topics.late(), partitions).topic(topics.deadLetter(), partitions);
        SortedMap<Integer, CommittedOffset> committed = new TreeMap<>();
        for (int partition = 0; partition < partitions; partition++) {
            committed.put(partition, new MemoryPipeline(pipeline, log).process(partition, partitions));
        }
        log.commit(pipeline.groupId(), topics.source(), committed);
    }

    private CommittedOffset process(int partition, int partitions) {
        Topics topics = pipeline.topics();
        SourcePartition source = new SourcePartition(
                pipeline.name(),
                pipeline.groupId(),
                topics.source(),
                "id",
                partition,
                partitions,
                false,
                topics.state(),
                null);
        OffsetRange range = log.range(topics.source(), partition);
        Restoration restoration = new Restoration(source, pipeline.spec());
        restoration.load(new Committed(false, range.from(), "", range.from(), range.to()));
        PartitionProcessor processor = restoration.complete("group:instance:0").to(new Topicwise(partition));
        processor.clock(Instant.parse("2026-01-31T12:00:00Z").toEpochMilli());
        int[] inBatch = {0};
        log.read(topics.source(), partition, range, record -> {
            processor.process(record);
            if (++inBatch[0] % BATCH == 0) {
                processor.completeBatch(record.offset() + 1, 0);
            }
            return true;
        });
        String metadata = processor.completeBatch(range.to(), 0).metadata().format();
        processor.discard();
        return new CommittedOffset(range.to(), metadata);
    }

    /** Puts each output where it belongs. */
    private final class Topicwise implements Outbox {
        private final int partition;

        Topicwise(int partition) {
            this.partition = partition;
        }

        @Override
        public void result(int sink, byte[] key, byte[] value) {
            log.append(pipeline.topics().sinks().get(sink), partition % 2, 0, key, value, Map.of());
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
            throw new AssertionError("there is no shuffle");
        }

        @Override
        public void latePartial(SourceRecord record, byte[] key, byte[] row, Lateness lateness) {
            throw new AssertionError("there is no shuffle");
        }

        @Override
        public void state(byte[] key, byte @Nullable [] value) {
            // Nothing is ever restored.
        }
    }
}
