package io.tally.testkafka;

import io.tally.checkpoint.Ledger;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one source partition must lead to, computed again in the simplest way from the records that are in it. Knows
 * only the lines that the tests write; everything else is a dead letter.
 */
public final class Reference {
    private final long size = LinesPipeline.SIZE.toMillis();
    private final long grace = LinesPipeline.GRACE.toMillis();
    private final TreeMap<Long, Map<String, Accumulator>> windows = new TreeMap<>();
    public final List<String> rows = new ArrayList<>();
    /** Offsets. */
    public final List<Long> late = new ArrayList<>();

    public final List<Long> dead = new ArrayList<>();
    private long watermark = Long.MIN_VALUE;
    private long folded;

    private static final class Accumulator {
        public long count;
        public BigInteger sum = BigInteger.ZERO;
        public long earliest = Long.MAX_VALUE;
        public String first = "";
    }

    public void add(ConsumerRecord<byte[], byte[]> record) {
        String[] line = parse(record);
        if (line == null) {
            dead.add(record.offset());
            return;
        }
        long time = Long.parseLong(line[0]);
        watermark = Math.max(watermark, time - grace);
        while (!windows.isEmpty() && windows.firstKey() + size <= watermark) {
            Map.Entry<Long, Map<String, Accumulator>> closed = windows.pollFirstEntry();
            closed.getValue()
                    .forEach((key, sums) -> rows.add(
                            closed.getKey() + " " + key + " " + sums.count + " " + sums.sum + " " + sums.first));
        }
        long start = Math.floorDiv(time, size) * size;
        if (start + size <= watermark) {
            late.add(record.offset());
            return;
        }
        folded++;
        Accumulator sums = windows.computeIfAbsent(start, window -> new LinkedHashMap<>())
                .computeIfAbsent(line[1], key -> new Accumulator());
        sums.count++;
        if (time < sums.earliest) {
            sums.earliest = time;
            sums.first = line[3];
        }
        sums.sum = sums.sum.add(new BigInteger(line[2]));
    }

    public Ledger ledger() {
        return new Ledger(folded, late.size(), dead.size(), 0);
    }

    private static String @Nullable [] parse(ConsumerRecord<byte[], byte[]> record) {
        if (record.key() == null || record.value() == null) {
            return null;
        }
        String[] line = new String(record.value(), StandardCharsets.UTF_8).split(" ", 4);
        boolean sound = line.length == 4
                && line[0].matches("\\d{12,15}")
                && line[1].equals(new String(record.key(), StandardCharsets.UTF_8))
                && line[2].matches("\\d{1,18}");
        return sound ? line : null;
    }
}
