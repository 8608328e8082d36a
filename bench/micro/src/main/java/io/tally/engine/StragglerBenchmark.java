package io.tally.engine;

import io.tally.HotPathBenchmark;
import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.row.Aggregates;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a record costs, rows included, where a share of the records belongs to slices of before: 20 records a slice, of
 * 20 keys. Either windows are as long as so many slices, or so many windows are open at a time.
 */
public class StragglerBenchmark extends HotPathBenchmark {
    private static final int RECORDS_PER_SLICE = 20;
    private static final int RECORDS_PER_COMMIT = 10_000;

    @Param({"tumbling", "tumbling corrected", "calendar", "calendar corrected", "session", "hopping", "cumulative"})
    private String kind = "";

    @Param({"64", "1024", "16384"})
    private int slices;

    @Param({"0", "1", "10"})
    private int percent;

    private final SplittableRandom random = new SplittableRandom(1);
    private final byte[][] keys = new byte[RECORDS_PER_SLICE][];
    private final Event event = new Event(0);
    private WindowEngine engine = Engines.forEvents(
            WindowSpec.of(Windowing.tumbling(Duration.ofSeconds(1)), Duration.ZERO), new Aggregates(List.of()), 1);
    private WindowOutput output = WindowOutput.NONE;
    private long sliceMillis;
    private long now;
    private long offset;

    @Setup
    public void fill(Blackhole blackhole) {
        output = CountBenchmark.into(blackhole);
        for (int i = 0; i < keys.length; i++) {
            keys[i] = ip(i);
        }
        sliceMillis = kind.startsWith("calendar") ? 3_600_000 : 1_000;
        engine = Engines.forEvents(
                spec(Duration.ofMillis(sliceMillis), Duration.ofMillis(slices * sliceMillis)),
                new Aggregates(List.of(BuiltIn.count())),
                Long.MAX_VALUE);
        for (int i = 0; i < slices * RECORDS_PER_SLICE; i++) {
            record();
        }
    }

    private WindowSpec spec(Duration slice, Duration all) {
        return switch (kind) {
            case "tumbling" -> WindowSpec.of(Windowing.tumbling(slice), all);
            case "tumbling corrected" ->
                new WindowSpec(new WindowKind.Aligned(Windowing.tumbling(slice)), Duration.ZERO, all, Emission.FINAL);
            case "calendar" -> WindowSpec.of(Windowing.hours(ZoneId.of("Europe/Berlin")), all);
            case "calendar corrected" ->
                new WindowSpec(
                        new WindowKind.Aligned(Windowing.hours(ZoneId.of("Europe/Berlin"))),
                        Duration.ZERO,
                        all,
                        Emission.FINAL);
            case "session" ->
                new WindowSpec(new WindowKind.Sessions(slice.dividedBy(2)), all, Duration.ZERO, Emission.FINAL);
            case "hopping" -> WindowSpec.of(Windowing.hopping(all, slice), Duration.ZERO);
            case "cumulative" -> WindowSpec.of(Windowing.cumulative(all, slice), Duration.ZERO);
            default -> throw new IllegalArgumentException(kind);
        };
    }

    /** The next record, or one of any slice of before. */
    @Benchmark
    public boolean record() {
        byte[] key = keys[(int) (offset % RECORDS_PER_SLICE)];
        if (offset % RECORDS_PER_SLICE == 0) {
            now += sliceMillis;
        }
        boolean isLate = percent > 0 && random.nextInt(100) < percent;
        event.time(isLate ? now - random.nextLong(slices) * sliceMillis : now);
        event.key(key, 0, key.length);
        if (offset % RECORDS_PER_COMMIT == 0) {
            // Of windows that are kept for corrections something is written in each transaction.
            engine.checkpoint(Long.MIN_VALUE, offset, 5_000, output, (entry, appliedUpTo) -> {});
        }
        engine.advance(event.time(), output);
        return engine.fold(event, offset++, output);
    }
}
