package io.tally.command;

import io.tally.codec.SourceRecord;
import io.tally.codec.bytes.ByteRange;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Topics in memory, behind the port that commands read through. */
public final class MemoryLog implements LogReader {
    private final Map<String, List<List<Entry>>> topics = new LinkedHashMap<>();
    private final Map<String, SortedMap<Integer, CommittedOffset>> offsets = new LinkedHashMap<>();
    private final Map<String, Long> begins = new LinkedHashMap<>();
    private final Map<String, Long> ends = new LinkedHashMap<>();
    private final Set<String> compacted = new HashSet<>();

    /** A record; offsets may have gaps, as those of control markers. */
    public record Entry(
            long offset, long timestamp, byte @Nullable [] key, byte @Nullable [] value, Map<String, byte[]> headers) {
        /** The same with another value. */
        public Entry withValue(byte @Nullable [] other) {
            return new Entry(offset, timestamp, key, other, headers);
        }

        /** The same with another key. */
        public Entry withKey(byte @Nullable [] other) {
            return new Entry(offset, timestamp, other, value, headers);
        }
    }

    /** Makes a topic, or empties it. */
    public MemoryLog topic(String name, int partitions) {
        List<List<Entry>> logs = new ArrayList<>();
        for (int i = 0; i < partitions; i++) {
            logs.add(new ArrayList<>());
        }
        topics.put(name, logs);
        compacted.remove(name);
        return this;
    }

    /** The records of a partition, to be looked at and changed. */
    public List<Entry> records(String topic, int partition) {
        return topics.get(topic).get(partition);
    }

    /** Appends a record. */
    public MemoryLog add(String topic, int partition, long timestamp, @Nullable String key, @Nullable String value) {
        return append(topic, partition, timestamp, bytes(key), bytes(value), Map.of());
    }

    /** Appends a record with headers. */
    public MemoryLog append(
            String topic,
            int partition,
            long timestamp,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Map<String, byte[]> headers) {
        List<Entry> log = records(topic, partition);
        long offset = log.isEmpty() ? 0 : log.get(log.size() - 1).offset() + 1;
        log.add(new Entry(offset, timestamp, key, value, headers));
        return this;
    }

    private static byte @Nullable [] bytes(@Nullable String text) {
        return text == null ? null : text.getBytes(StandardCharsets.UTF_8);
    }

    /** Compacts a topic: of each key the last record is left. */
    public MemoryLog compact(String topic) {
        compacted.add(topic);
        for (List<Entry> log : topics.get(topic)) {
            Map<String, Long> last = new HashMap<>();
            log.forEach(entry -> last.put(Arrays.toString(entry.key()), entry.offset()));
            long end = log.isEmpty() ? 0 : log.get(log.size() - 1).offset();
            log.removeIf(entry -> entry.offset() < end - 5 && last.get(Arrays.toString(entry.key())) > entry.offset());
        }
        return this;
    }

    @Override
    public boolean isCompacted(String topic) {
        return compacted.contains(topic);
    }

    /** What a group has committed. */
    public MemoryLog commit(String group, String topic, SortedMap<Integer, CommittedOffset> committed) {
        offsets.put(group + "/" + topic, new TreeMap<>(committed));
        return this;
    }

    /** Where a partition begins, if that is not at its first record. */
    public MemoryLog begin(String topic, int partition, long offset) {
        begins.put(topic + "-" + partition, offset);
        return this;
    }

    /** Where a partition ends, if that is not right behind its last record. */
    public MemoryLog end(String topic, int partition, long offset) {
        ends.put(topic + "-" + partition, offset);
        return this;
    }

    @Override
    public int partitions(String topic) {
        return topics.containsKey(topic) ? topics.get(topic).size() : 0;
    }

    @Override
    public OffsetRange range(String topic, int partition) {
        List<Entry> log = records(topic, partition);
        Long end = ends.get(topic + "-" + partition);
        if (log.isEmpty()) {
            return new OffsetRange(end == null ? 0 : end, end == null ? 0 : end);
        }
        long last = log.stream().mapToLong(Entry::offset).max().orElse(0) + 1;
        Long begin = begins.get(topic + "-" + partition);
        long first = log.stream().mapToLong(Entry::offset).min().orElse(0);
        return new OffsetRange(begin == null ? first : begin, end == null ? last : end);
    }

    @Override
    public OffsetRange settled(String topic, int partition) {
        return range(topic, partition);
    }

    @Override
    public long offsetAt(String topic, int partition, long time) {
        return records(topic, partition).stream()
                .filter(entry -> entry.timestamp() >= time)
                .mapToLong(Entry::offset)
                .findFirst()
                .orElse(range(topic, partition).to());
    }

    @Override
    public long read(String topic, int partition, OffsetRange range, Receiver receiver) {
        for (Entry entry : List.copyOf(records(topic, partition))) {
            if (entry.offset() >= range.from() && entry.offset() < range.to()) {
                if (!receiver.take(new View(entry, partition, partitions(topic)))) {
                    return entry.offset() + 1;
                }
            }
        }
        return range.to();
    }

    @Override
    public SortedMap<Integer, CommittedOffset> committed(String group, String topic) {
        return offsets.getOrDefault(group + "/" + topic, new TreeMap<>());
    }

    @Override
    public void close() {
        // There is nothing to close.
    }

    private record View(Entry entry, int partition, int partitions) implements SourceRecord {
        @Override
        public long offset() {
            return entry.offset();
        }

        @Override
        public long timestamp() {
            return entry.timestamp();
        }

        @Override
        public @Nullable ByteRange key() {
            return range(entry.key());
        }

        @Override
        public @Nullable ByteRange value() {
            return range(entry.value());
        }

        @Override
        public void headers(Headers receiver) {
            entry.headers().forEach(receiver::header);
        }

        private static @Nullable ByteRange range(byte @Nullable [] bytes) {
            return bytes == null ? null : new ByteRange().show(bytes, 0, bytes.length);
        }
    }
}
