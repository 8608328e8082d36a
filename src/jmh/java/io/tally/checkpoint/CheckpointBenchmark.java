package io.tally.checkpoint;

import io.tally.window.Aggregates;
import io.tally.window.BuiltIn;
import io.tally.window.Event;
import io.tally.window.StateEntry;
import io.tally.window.WindowEngine;
import io.tally.window.WindowOutput;
import io.tally.window.WindowResult;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
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

/** From dirty entries to records of the state topic, without sending them; one operation is one entry. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class CheckpointBenchmark {
    private static final int ENTRIES = 100_000;

    private final StateFormat format = new StateFormat();
    private final Nowhere nowhere = new Nowhere();
    private WindowEngine engine = engine();

    private static WindowEngine engine() {
        return WindowSpec.of(Windowing.tumbling(Duration.ofSeconds(5)), Duration.ZERO)
                .newEngine(new Aggregates(List.of(BuiltIn.count())), Long.MAX_VALUE);
    }

    @Setup(Level.Invocation)
    public void fill() {
        engine = engine();
        Event event = new Event(0);
        event.time(0);
        for (int i = 0; i < ENTRIES; i++) {
            byte[] key =
                    ("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)).getBytes(StandardCharsets.UTF_8);
            event.key(key, 0, key.length);
            engine.fold(event, i, nowhere);
        }
    }

    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public void encode(Blackhole blackhole) {
        engine.checkpoint(Long.MAX_VALUE - 1, ENTRIES, ENTRIES, nowhere, (entry, appliedUpTo) -> {
            byte[] key = format.entryKey(entry);
            blackhole.consume(format.keyChecksum(key));
            blackhole.consume(format.entryValue(key, entry, appliedUpTo));
        });
    }

    /** No window closes here. */
    private static final class Nowhere implements WindowOutput {
        @Override
        public void result(WindowResult result) {
            throw new IllegalStateException("a window has closed");
        }

        @Override
        public void forget(StateEntry entry) {
            throw new IllegalStateException("an entry was forgotten");
        }
    }
}
