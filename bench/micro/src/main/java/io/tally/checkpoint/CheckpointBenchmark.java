package io.tally.checkpoint;

import io.tally.engine.CountBenchmark;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowOutput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.infra.Blackhole;

/** From dirty entries to records of the state topic, without sending them; one operation is one entry. */
public class CheckpointBenchmark extends CountBenchmark {
    private static final int ENTRIES = 100_000;

    private final StateFormat format = new StateFormat();
    private WindowEngine engine = newEngine();
    private WindowOutput rows;

    @Setup(Level.Invocation)
    public void fill(Blackhole blackhole) {
        rows = into(blackhole);
        engine = newEngine(ENTRIES, rows);
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void encode(Blackhole blackhole) {
        engine.checkpoint(Long.MAX_VALUE - 1, ENTRIES, ENTRIES, rows, (entry, appliedUpTo) -> {
            byte[] key = format.entryKey(entry);
            blackhole.consume(format.keyChecksum(key));
            blackhole.consume(format.entryValue(key, entry, appliedUpTo));
        });
    }
}
