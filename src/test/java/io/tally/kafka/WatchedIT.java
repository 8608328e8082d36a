package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.OpenWindows.Shape;
import io.tally.pipeline.status.PartitionStatus;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is told only while somebody watches. */
class WatchedIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long SIZE = LinesPipeline.SIZE.toMillis();

    @RegisterExtension
    final TestBed bed = new TestBed(1);

    @Test
    void tellsWhatIsOpenWhileSomebodyWatchesAndWhatIsNoLonger() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        long start = input.time() - Math.floorMod(input.time(), SIZE);
        input.send(0, 1, start);
        input.send(0, 2, start);
        input.send(0, 2, start + SIZE);
        input.flush();
        bed.awaitProcessed();
        assertThat(instance.partitions().get(0).open()).as("nobody watches").isNull();

        instance.events().watched = true;
        // Nothing is committed any more, and all the same it is told.
        awaitOpen(
                instance,
                new OpenWindows.Span(start, start + SIZE, 2),
                new OpenWindows.Span(start + SIZE, start + 2 * SIZE, 1));

        input.send(0, 3, start + 2 * SIZE);
        input.flush();
        awaitOpen(
                instance,
                new OpenWindows.Span(start + SIZE, start + 2 * SIZE, 1),
                new OpenWindows.Span(start + 2 * SIZE, start + 3 * SIZE, 1));
        bed.assertExact();
    }

    private static void awaitOpen(Instance instance, OpenWindows.Span... windows) {
        await("open windows")
                .atMost(PATIENCE)
                .until(
                        () -> instance.partitions().stream()
                                .map(PartitionStatus::open)
                                .filter(Objects::nonNull)
                                .toList(),
                        open -> open.equals(List.of(new OpenWindows(Shape.WINDOWS, List.of(windows), 0, true))));
    }
}
