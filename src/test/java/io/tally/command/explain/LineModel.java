package io.tally.command.explain;

import io.tally.codec.key.Partitioner;
import io.tally.command.MemoryLog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Lines of time and address, and what becomes of each by the plainest reading of the rules: the whole log, one line
 * after the other, all windows by trial.
 */
final class LineModel {
    static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd_HH:mm:ss").withZone(ZoneOffset.UTC);

    /** A window and a key. */
    record Place(long start, long end, String key) {}

    /** What there is of a window and key, as places {@code partition@offset}. */
    record Row(List<String> counted, List<String> late, List<String> filtered) {}

    /**
     * The windows of a time.
     *
     * @param size in milliseconds
     * @param advance by which they begin, or grow
     */
    record Windows(long size, long advance, boolean grows) {
        List<long[]> of(long time) {
            List<long[]> all = new ArrayList<>();
            if (grows) {
                long start = Math.floorDiv(time, size) * size;
                for (long end = start + advance; end <= start + size; end += advance) {
                    if (time < end) {
                        all.add(new long[] {start, end});
                    }
                }
                return all;
            }
            for (long start = Math.floorDiv(time - size, advance) * advance; start <= time; start += advance) {
                if (time < start + size) {
                    all.add(new long[] {start, start + size});
                }
            }
            return all;
        }
    }

    final Map<Place, Row> rows = new HashMap<>();
    /** Places of dead letters by record key. */
    final Map<String, List<String>> deadLetters = new HashMap<>();

    /** Reads a source, of which everything is committed. */
    LineModel(MemoryLog log, String source, Windows windows, long grace, long lateness, String filtered) {
        for (int partition = 0; partition < log.partitions(source); partition++) {
            long highest = Long.MIN_VALUE;
            for (MemoryLog.Entry entry : log.records(source, partition)) {
                String at = partition + "@" + entry.offset();
                String[] parts = entry.value() == null
                        ? new String[0]
                        : text(entry.value()).split(" ");
                if (parts.length < 2 || parts[0].equals("no-time")) {
                    deadLetters
                            .computeIfAbsent(text(entry.key()), key -> new ArrayList<>())
                            .add(at);
                    continue;
                }
                long time = LocalDateTime.parse(parts[0], TIME)
                        .toInstant(ZoneOffset.UTC)
                        .toEpochMilli();
                highest = Math.max(highest, time);
                long watermark = highest - grace;
                for (long[] window : windows.of(time)) {
                    Row row = rows.computeIfAbsent(
                            new Place(window[0], window[1], parts[1]),
                            place -> new Row(new ArrayList<>(), new ArrayList<>(), new ArrayList<>()));
                    boolean isGone = window[1] <= watermark && watermark - window[1] >= lateness;
                    if (parts[1].equals(filtered)) {
                        if (!isGone) {
                            row.filtered().add(at);
                        }
                    } else if (isGone) {
                        row.late().add(at);
                    } else {
                        row.counted().add(at);
                    }
                }
            }
        }
    }

    /** Writes lines in the order of a clock, some far behind, some poison. */
    static void write(MemoryLog log, String source, int records, long step, Random random) {
        int partitions = log.partitions(source);
        for (int i = 0; i < records; i++) {
            long time = START + step * i;
            long back = random.nextInt(20) == 0 ? random.nextInt(60_000) : random.nextInt(3_000);
            int partition = random.nextInt(partitions);
            String ip = key(partition, random.nextInt(6), partitions);
            log.add(source, partition, time, ip, line(time - back, ip));
            if (random.nextInt(50) == 0) {
                log.add(source, partition, time, ip, random.nextBoolean() ? "no-time x" : null);
            }
        }
    }

    static String line(long time, String key) {
        return TIME.format(Instant.ofEpochMilli(time)) + " " + key;
    }

    /** A key that producers put into that partition. */
    private static String key(int partition, int number, int partitions) {
        for (int i = 0; ; i++) {
            String key = "10." + number + "." + i + ".7";
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            if (Partitioner.MURMUR2.partition(bytes, 0, bytes.length, partitions) == partition) {
                return key;
            }
        }
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
