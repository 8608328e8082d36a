package io.tally.engine;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** The window engine without Kafka; one operation is one record. */
public class EngineBenchmark extends CountBenchmark {
    /** A window of a thousand keys stays in the processor's cache, one of a million does not. */
    @Param({"1000", "1000000"})
    private int keys;

    private byte[][] ips = new byte[0][];
    private WindowEngine filled = newEngine();
    private WindowEngine fresh = newEngine();
    private WindowOutput output;
    private int next;

    @Setup
    public void keys(Blackhole blackhole) {
        output = into(blackhole);
        ips = new byte[keys][];
        for (int i = 0; i < keys; i++) {
            // Neighbours in time are no neighbours in memory.
            ips[i] = ip((int) (i * 2_654_435_761L % keys));
        }
        filled = newEngine(keys, output);
    }

    /** A record for a key that the window has: what nearly all records of a long window are. */
    @Benchmark
    public void foldExistingKey() {
        fold(filled, ips[next], output);
        next = next + 1 == keys ? 0 : next + 1;
    }

    /** Every record is the first of its key; windows close and leave at the same rate. */
    @Benchmark
    public void foldNewKeyAndClose() {
        if (next == keys) {
            next = 0;
            fresh.closeAll(output);
            fresh = newEngine();
        }
        fold(fresh, ips[next++], output);
    }
}
