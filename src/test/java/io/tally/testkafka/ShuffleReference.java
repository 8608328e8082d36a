package io.tally.testkafka;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * What a pipeline with a shuffle must lead to, computed again from the records of the source: what is late, partition
 * by partition; and the rows of all windows that every partition has left behind.
 */
public final class ShuffleReference {
    private final long size = LinesPipeline.SIZE.toMillis();
    private final long grace = LinesPipeline.GRACE.toMillis();
    private final Map<Integer, Long> watermarks = new HashMap<>();
    private final TreeMap<Long, Map<String, long[]>> counts = new TreeMap<>();
    private final Map<String, BigInteger> sums = new HashMap<>();
    /** Partition and offset. */
    public final List<String> late = new ArrayList<>();

    public long folded;

    public void add(ConsumerRecord<byte[], byte[]> record) {
        String[] line = Log.text(record.value()).split(" ");
        long time = Long.parseLong(line[0]);
        long watermark = watermarks.merge(record.partition(), time - grace, Math::max);
        long start = Math.floorDiv(time, size) * size;
        if (start + size <= watermark) {
            late.add(record.partition() + "@" + record.offset());
            return;
        }
        folded++;
        counts.computeIfAbsent(start, any -> new TreeMap<>()).computeIfAbsent(line[1], any -> new long[1])[0]++;
        sums.merge(start + " " + line[1], new BigInteger(line[2]), BigInteger::add);
    }

    /** Rows without the text, sorted. */
    public List<String> rows() {
        long watermark = watermarks.values().stream().mapToLong(w -> w).min().orElse(Long.MIN_VALUE);
        List<String> rows = new ArrayList<>();
        counts.headMap(watermark - size, true)
                .forEach((start, keys) -> keys.forEach((key, count) ->
                        rows.add(start + " " + key + " " + count[0] + " " + sums.get(start + " " + key))));
        return rows.stream().sorted().toList();
    }
}
