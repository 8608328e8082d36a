package io.tally.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.ref.Reference;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What open windows cost: the figure that docs/performance.md sizes heaps by. */
class HeapPerEntryTest {
    private static final int ENTRIES = 1_000_000;
    private static final long MOST_BYTES = 120;

    private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();

    @Test
    void countOverShortKeysTakesAtMost120Bytes() {
        long before = usedHeap();
        WindowEngine engine = WindowSpec.of(Windowing.tumbling(Duration.ofSeconds(5)), Duration.ofSeconds(5))
                .newEngine(new Aggregates(List.of(BuiltIn.count())), ENTRIES);
        Event event = new Event(0);
        event.time(0);
        for (int i = 0; i < ENTRIES; i++) {
            byte[] ip = ("10." + (i >> 16) + "." + (i >> 8 & 255) + "." + (i & 255)).getBytes(StandardCharsets.UTF_8);
            event.key(ip, 0, ip.length);
            engine.fold(event, i, new Nowhere());
        }
        double bytes = (usedHeap() - before) / (double) ENTRIES;
        assertThat(engine.openEntries()).isEqualTo(ENTRIES);
        System.out.printf("%d open entries of a count over IPs: %.1f bytes of heap each%n", ENTRIES, bytes);
        // Less than key, count, bookkeeping and index together would say that nothing was measured.
        assertThat(bytes).isBetween(40.0, (double) MOST_BYTES);
        Reference.reachabilityFence(engine);
    }

    private long usedHeap() {
        long used = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            memory.gc();
            used = Math.min(used, memory.getHeapMemoryUsage().getUsed());
        }
        return used;
    }

    private static final class Nowhere implements WindowOutput {
        @Override
        public void result(WindowResult result) {
            throw new AssertionError("no window has closed");
        }

        @Override
        public void forget(StateEntry entry) {
            throw new AssertionError("nothing was written");
        }
    }
}
