package io.tally.engine;

import io.tally.HotPathBenchmark;
import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.StateEntry;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.util.List;
import org.openjdk.jmh.infra.Blackhole;

/** A count per key in windows of five seconds. */
public abstract class CountBenchmark extends HotPathBenchmark {
    protected static final long WINDOW_MILLIS = 5_000;

    private final Event event = new Event(0);
    private long offset;

    protected static WindowEngine newEngine() {
        return Engines.forEvents(
                WindowSpec.of(Windowing.tumbling(Duration.ofMillis(WINDOW_MILLIS)), Duration.ZERO),
                new Aggregates(List.of(BuiltIn.count())),
                Long.MAX_VALUE);
    }

    /** An engine whose first window has that many rows, none of them written. */
    protected final WindowEngine newEngine(int rows, WindowOutput output) {
        WindowEngine engine = newEngine();
        for (int i = 0; i < rows; i++) {
            fold(engine, ip(i), output);
        }
        return engine;
    }

    /** A record of the first window. */
    protected final void fold(WindowEngine engine, byte[] key, WindowOutput output) {
        event.time(0);
        event.key(key, 0, key.length);
        engine.advance(0, output);
        engine.fold(event, offset++, output);
    }

    /** Takes rows that nobody wants, but that must be made. */
    protected static WindowOutput into(Blackhole blackhole) {
        return new WindowOutput() {
            @Override
            public void result(WindowResult result) {
                blackhole.consume(result);
            }

            @Override
            public void forget(StateEntry entry) {
                blackhole.consume(entry);
            }
        };
    }
}
