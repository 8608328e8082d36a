package io.tally.simulation.shuffle;

import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.simulation.SimAggregate;
import io.tally.simulation.SimRecord;
import io.tally.simulation.SimRules;
import io.tally.simulation.SimSettings;
import io.tally.simulation.SimWindow;
import io.tally.simulation.SimWindow.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** What a seed says about a {@link ShuffleSimulation}: a pipeline, its sources, and how rough life is. */
final class ShuffleSettings {
    /** Of windows, in milliseconds; the ttl of totals. */
    static final long SIZE = 10;

    static final long GRACE = 3;
    /** Of sessions. */
    static final long GAP = 6;

    private static final Kind[] KINDS = {
        Kind.TUMBLING, Kind.HOPPING, Kind.CUMULATIVE, Kind.SESSION, Kind.TOTAL, Kind.TOTAL_WITH_TTL
    };

    final SimWindow window;
    /** Number of partitions of the shuffle topic. */
    final int targets;
    /** Number of sources at the start. */
    final int sources;
    /** Whether each transaction is followed by a restore. */
    final boolean restoresAlways;
    /** Whether no source falls idle before its end, and none is added. */
    final boolean strict;
    /** Whether an operator sets watermarks back. */
    final boolean setsBack;
    /** Whether the rows follow from each source partition by itself. */
    final boolean recountable;
    /** The most rows of closing windows in a transaction. */
    final int largestRoom;

    private final CheckpointPolicy policy;
    private final SimRules rules;
    private final int keys;
    /** Whether there is only one source, ever. */
    private final boolean alone;

    ShuffleSettings(Random random) {
        targets = 1 + random.nextInt(4);
        keys = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 5);
        window = window(random);
        restoresAlways = random.nextInt(8) == 0;
        strict = random.nextInt(3) > 0;
        setsBack = !strict && random.nextInt(3) == 0;
        recountable = strict || (!setsBack && window.kind() == Kind.TUMBLING && !isRevised());
        long[] intervals = {0, 1, 50, SimSettings.FOREVER};
        policy = new CheckpointPolicy(
                Duration.ofMillis(intervals[random.nextInt(intervals.length)]),
                random.nextBoolean() ? 1 + random.nextInt(8) : SimSettings.FOREVER,
                1 + random.nextInt(6),
                random.nextInt(8) == 0,
                Duration.ofMillis(intervals[random.nextInt(intervals.length)]));
        largestRoom = random.nextBoolean() ? Integer.MAX_VALUE : 1 + random.nextInt(6);
        sources = 1 + random.nextInt(4);
        alone = strict && sources == 1;
        rules = new SimRules(window, GRACE, 0, "v1", List.of(SimAggregate.COUNT));
    }

    private static SimWindow window(Random random) {
        Kind kind = random.nextBoolean() ? Kind.TUMBLING : KINDS[random.nextInt(KINDS.length)];
        boolean updates = kind == Kind.TOTAL || random.nextInt(3) == 0;
        boolean mayBeCorrected = kind != Kind.TOTAL && kind != Kind.TOTAL_WITH_TTL;
        long lateness = mayBeCorrected && random.nextInt(3) == 0 ? 7 : 0;
        long advance = switch (kind) {
            case HOPPING -> 4;
            case CUMULATIVE -> 5;
            default -> SIZE;
        };
        return new SimWindow(kind, kind == Kind.SESSION ? GAP : SIZE, advance, lateness, updates);
    }

    PipelineSpec spec(StageKind stage) {
        return rules.spec(policy, SimSettings.FOREVER).forStage(stage);
    }

    /** Whether a window may have several rows. */
    boolean isRevised() {
        return window.updates() || window.lateness() > 0;
    }

    boolean isTotal() {
        return window.kind() == Kind.TOTAL || window.kind() == Kind.TOTAL_WITH_TTL;
    }

    /** The records of one source partition; at least one, so that none is waited for in vain. */
    List<SimRecord> source(Random random) {
        List<SimRecord> records = new ArrayList<>();
        long offset = 0;
        long time = random.nextInt(40);
        int count = 1 + random.nextInt(60);
        for (int i = 0; i < count; i++) {
            time += random.nextInt(random.nextInt(8) == 0 ? 30 : 3);
            offset += random.nextInt(6) == 0 ? 1 : 0;
            byte[] key = ("k" + random.nextInt(keys)).getBytes(StandardCharsets.UTF_8);
            long at = time - random.nextInt(disorder());
            records.add(SimRecord.of(offset, key, at, 0, BigDecimal.ONE, BigDecimal.ONE, "r" + offset));
            offset++;
        }
        return records;
    }

    /**
     * How far records are out of order. With more, what is late would depend on the other partitions: a record counts
     * in a window, a session or a total that it is late for by its own partition if the merge has not closed that yet.
     */
    private int disorder() {
        return switch (window.kind()) {
            case TUMBLING -> 8;
            case SESSION -> recountable ? (int) GRACE : 8;
            case TOTAL_WITH_TTL -> (int) (alone ? 3 * SIZE : GRACE + SIZE);
            default -> (int) GRACE;
        };
    }

    @Override
    public String toString() {
        return rules + ", " + policy + ", " + sources + " sources, " + targets + " targets, up to " + largestRoom
                + " rows at a time" + (strict ? ", strict" : "");
    }
}
