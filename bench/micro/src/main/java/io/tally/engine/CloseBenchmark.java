package io.tally.engine;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** A window that closes, without the encoding of its rows; one operation is one row. */
public class CloseBenchmark extends CountBenchmark {
    private static final int ROWS = 100_000;

    private WindowEngine engine = newEngine();
    private WindowOutput output;

    @Setup(Level.Invocation)
    public void fill(Blackhole blackhole) {
        output = into(blackhole);
        engine = newEngine(ROWS, output);
    }

    @Benchmark
    @OperationsPerInvocation(ROWS)
    public void closeRows() {
        engine.advanceWatermark(WINDOW_MILLIS, output);
    }
}
