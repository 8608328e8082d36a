package io.tally.process;

import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * The default pipeline's rows for one source partition, counted again in the simplest way. With a shuffle the record
 * keys mean nothing, and a partition's counts are parts of rows.
 */
public final class IpCounts {
    public static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("uuuu-MM-dd_HH:mm:ss");
    public static final int SIZE = 5;
    public static final int GRACE = 5;

    private final TreeMap<Long, Map<String, Long>> windows = new TreeMap<>();
    private final List<String> rows = new ArrayList<>();
    /** Offsets. */
    private final List<Long> late = new ArrayList<>();

    private final List<Long> dead = new ArrayList<>();
    private final boolean shuffled;
    /** All counts by window and IP, in windows that are closed here or not. */
    private final TreeMap<Long, Map<String, Long>> counts = new TreeMap<>();

    private long watermark = Long.MIN_VALUE;

    public IpCounts(boolean shuffled) {
        this.shuffled = shuffled;
    }

    /** Takes the next record of the source partition. */
    public void add(ConsumerRecord<byte[], byte[]> record) {
        String ip = shuffled ? ipOf(record.value()) : record.key() == null ? null : text(record.key());
        Long time = record.value() == null ? null : time(text(record.value()), ip);
        if (ip == null || time == null) {
            dead.add(record.offset());
            return;
        }
        watermark = Math.max(watermark, time - GRACE);
        while (!windows.isEmpty() && windows.firstKey() + SIZE <= watermark) {
            Map.Entry<Long, Map<String, Long>> closed = windows.pollFirstEntry();
            String start = TIME.format(LocalDateTime.ofEpochSecond(closed.getKey(), 0, ZoneOffset.UTC));
            closed.getValue().forEach((key, count) -> rows.add(start + " " + key + " " + count));
        }
        long start = Math.floorDiv(time, SIZE) * SIZE;
        if (start + SIZE <= watermark) {
            late.add(record.offset());
        } else {
            windows.computeIfAbsent(start, window -> new LinkedHashMap<>()).merge(ip, 1L, Long::sum);
            counts.computeIfAbsent(start, window -> new TreeMap<>()).merge(ip, 1L, Long::sum);
        }
    }

    private static @Nullable String ipOf(byte @Nullable [] line) {
        String[] words = line == null ? new String[0] : text(line).split(" ", 3);
        return words.length < 2 || words[1].isEmpty() ? null : words[1];
    }

    long watermark() {
        return watermark;
    }

    /** The rows of all partitions together that have closed in each of them, sorted. */
    static List<String> shuffledRows(Collection<IpCounts> partitions) {
        long closed = partitions.stream().mapToLong(IpCounts::watermark).min().orElseThrow();
        Map<String, Long> sums = new TreeMap<>();
        for (IpCounts partition : partitions) {
            partition.counts.headMap(closed - SIZE, true).forEach((start, ips) -> {
                String time = TIME.format(LocalDateTime.ofEpochSecond(start, 0, ZoneOffset.UTC));
                ips.forEach((ip, count) -> sums.merge(time + " " + ip, count, Long::sum));
            });
        }
        return sums.entrySet().stream()
                .map(row -> row.getKey() + " " + row.getValue())
                .sorted()
                .toList();
    }

    /** Event time in seconds, null if the record cannot be counted. */
    private static @Nullable Long time(String line, @Nullable String ip) {
        String[] words = line.split(" ", 3);
        if (words.length < 2 || !words[1].equals(ip)) {
            return null;
        }
        try {
            LocalDateTime time = LocalDateTime.parse(words[0], TIME);
            return time.getYear() < 2000 || time.getYear() > 9000 ? null : time.toEpochSecond(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            return null;
        }
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The rows of all windows that have closed, oldest first. */
    public List<String> rows() {
        return rows;
    }

    List<Long> late() {
        return late;
    }

    List<Long> dead() {
        return dead;
    }
}
