package io.tally.window;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** A window that closes, without the encoding of its rows; one operation is one row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CloseBenchmark {
    private static final int ROWS = 100_000;
    private static final long WINDOW_MILLIS = 5_000;

    private WindowEngine engine = engine();
    private Discarded rows;

    private static WindowEngine engine() {
        return WindowSpec.of(Windowing.tumbling(Duration.ofMillis(WINDOW_MILLIS)), Duration.ZERO)
                .newEngine(new Aggregates(List.of(BuiltIn.count())), Long.MAX_VALUE);
    }

    @Setup(Level.Invocation)
    public void fill(Blackhole blackhole) {
        rows = new Discarded(blackhole);
        engine = engine();
        Event event = new Event(0);
        event.time(0);
        for (int i = 0; i < ROWS; i++) {
            byte[] key =
                    ("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)).getBytes(StandardCharsets.UTF_8);
            event.key(key, 0, key.length);
            engine.fold(event, i, rows);
        }
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void closeRows() {
        engine.advanceWatermark(WINDOW_MILLIS, rows);
    }
}
