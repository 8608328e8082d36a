package io.tally.kafka.command;

import io.tally.command.MemoryLog;
import io.tally.command.MemoryLog.Entry;
import io.tally.kafka.log.KafkaLogReader;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.testkafka.TestBed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** All topics as they are on the broker; each {@link #log} is a copy of its own. */
record TopicCopy(
        Map<String, List<Part>> topics, String group, String source, TreeMap<Integer, CommittedOffset> offsets) {
    /** A partition. It may begin before its first record, if that was behind what was aborted. */
    private record Part(long begin, List<Entry> entries) {}

    MemoryLog log() {
        MemoryLog log = new MemoryLog();
        topics.forEach((topic, partitions) -> {
            log.topic(topic, partitions.size());
            for (int partition = 0; partition < partitions.size(); partition++) {
                Part part = partitions.get(partition);
                log.begin(topic, partition, part.begin)
                        .records(topic, partition)
                        .addAll(part.entries);
            }
        });
        return log.commit(group, source, offsets);
    }

    /** Of a pipeline without a shuffle. */
    static TopicCopy of(TestBed bed) {
        Map<String, List<Part>> topics = new HashMap<>();
        try (LogReader log = new KafkaLogReader(bed.settings(), "copy")) {
            Stream.of(
                            bed.topics().source(),
                            bed.topics().sink(),
                            bed.topics().late(),
                            bed.topics().deadLetter())
                    .forEach(topic -> topics.put(topic, copy(log, topic)));
            return new TopicCopy(
                    topics,
                    bed.groupId(),
                    bed.topics().source(),
                    new TreeMap<>(log.committed(bed.groupId(), bed.topics().source())));
        }
    }

    private static List<Part> copy(LogReader log, String topic) {
        List<Part> partitions = new ArrayList<>();
        int count = log.partitions(topic);
        for (int partition = 0; partition < count; partition++) {
            List<Entry> entries = new ArrayList<>();
            OffsetRange range = log.range(topic, partition);
            log.read(topic, partition, range, record -> {
                Map<String, byte[]> headers = new HashMap<>();
                record.headers((name, value) -> headers.put(name, value));
                entries.add(new Entry(
                        record.offset(),
                        record.timestamp(),
                        record.key() == null ? null : record.key().copy(),
                        record.value() == null ? null : record.value().copy(),
                        headers));
                return true;
            });
            partitions.add(new Part(range.from(), entries));
        }
        return partitions;
    }
}
