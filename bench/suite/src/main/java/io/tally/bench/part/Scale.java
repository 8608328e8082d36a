package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.source.RecordFormat;
import io.tally.bench.source.SourceSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The parts that show how Tally scales, by name. */
public final class Scale {
    private static final int LINES = Integer.getInteger("bench.scale-lines");
    private static final int FEW_KEYS = 1_000;
    /**
     * As many lines more where figures are compared that should be the same: the broker, too, is compiled late. And of
     * two processes one starts later, while the other reads on alone.
     */
    private static final int LONG = 4;
    /** So few that the lines of a window reach most of the keys. */
    private static final int FEW_SECONDS = 50;

    private static final int MOST_KEYS = 10_000_000;
    /** Where there are so many. */
    private static final int LINES_PER_KEY = 2;

    private Scale() {}

    public static Map<String, Part> parts() {
        Map<String, Part> parts = new LinkedHashMap<>();
        parts.put("scale-partitions", partitions());
        parts.put("scale-keys", keys());
        parts.put(
                "scale-processes",
                new Throughput(
                        SourceSpec.of("scale-processes", RecordFormat.TEXT, LONG * LINES, FEW_KEYS),
                        FullSource.End.LAST_LINE,
                        List.of(Contender.tally(2), Contender.tallyTwice())));
        parts.put("shuffle-few-keys", shuffle("shuffle-few-keys", FEW_KEYS));
        parts.put("shuffle-many-keys", shuffle("shuffle-many-keys", 1_000_000));
        return parts;
    }

    private static Part partitions() {
        List<SourceSpec> sources = new ArrayList<>();
        for (int partitions : new int[] {1, 4, 16, 64}) {
            String topic = "scale-partitions-" + partitions;
            sources.add(SourceSpec.of(topic, RecordFormat.TEXT, LONG * LINES, FEW_KEYS)
                    .withPartitions(partitions));
        }
        return new Curve("Partitions", sources);
    }

    private static Part keys() {
        List<SourceSpec> sources = new ArrayList<>();
        // The same for all, so that none is warmer than another.
        int lines = Math.max(LINES, LINES_PER_KEY * MOST_KEYS);
        for (int keys = FEW_KEYS; keys <= MOST_KEYS; keys *= 10) {
            sources.add(SourceSpec.of("scale-keys-" + keys, RecordFormat.TEXT, lines, keys)
                    .withSeconds(FEW_SECONDS));
        }
        return new Curve("Keys", sources);
    }

    /** Rows come after the source's offsets, so a run ends with its last row. Each stage has a thread. */
    private static Part shuffle(String topic, int ips) {
        return new Throughput(
                SourceSpec.of(topic, RecordFormat.TEXT, LINES, ips),
                FullSource.End.LAST_ROW,
                List.of(Contender.tally(1), Contender.tallyShuffled(1), Contender.streamsRepartitioned(2, true)));
    }
}
