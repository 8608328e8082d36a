package io.tally.window;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** The window engine without Kafka: a count per key in windows of five seconds; one operation is one record. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class EngineBenchmark {
    private static final long WINDOW_MILLIS = 5_000;

    /** A window of a thousand keys stays in the processor's cache, one of a million does not. */
    @Param({"1000", "1000000"})
    private int keys;

    private byte[][] ips = new byte[0][];
    private final Event event = new Event(0);
    private WindowEngine filled = engine();
    private WindowEngine fresh = engine();
    private int next;
    private long offset;
    private Discarded sink;

    private static WindowEngine engine() {
        return WindowSpec.of(Windowing.tumbling(Duration.ofMillis(WINDOW_MILLIS)), Duration.ZERO)
                .newEngine(new Aggregates(List.of(BuiltIn.count())), Long.MAX_VALUE);
    }

    @Setup
    public void keys(Blackhole blackhole) {
        sink = new Discarded(blackhole);
        ips = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            // Neighbours in time are no neighbours in memory.
            int number = (int) (i * 2_654_435_761L % keys);
            ips[i] = ("10." + (number >> 16) + "." + (number >> 8 & 255) + "." + (number & 255))
                    .getBytes(StandardCharsets.UTF_8);
        }
        for (int i = 0; i < keys; i++) {
            fold(filled, ips[i], 0);
        }
    }

    private void fold(WindowEngine engine, byte[] key, long time) {
        event.time(time);
        event.key(key, 0, key.length);
        engine.advance(time, sink);
        engine.fold(event, offset++, sink);
    }

    /** A record for a key that the window has: what nearly all records of a long window are. */
    @Benchmark
    public void foldExistingKey() {
        fold(filled, ips[next], 0);
        next = next + 1 == keys ? 0 : next + 1;
    }

    /** Every record is the first of its key; windows close and leave at the same rate. */
    @Benchmark
    public void foldNewKeyAndClose() {
        if (next == keys) {
            next = 0;
            fresh.closeAll(sink);
            fresh = engine();
        }
        fold(fresh, ips[next++], 0);
    }
}
