package io.tally.kafka.watching;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.LostRecords;
import io.tally.pipeline.status.OpenWindows;
import io.tally.pipeline.status.OpenWindows.Shape;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.pipeline.status.RowSample;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.KafkaException;
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

    /** What a failed transaction sent was never there. */
    @Test
    void samplesRowsAndLostRecordsOnceTheyAreCommitted() {
        Instance instance = bed.instance("a");
        instance.events().takesSamples = true;
        instance.start().awaitActive(1);
        Input input = bed.input();
        long start = input.time() - Math.floorMod(input.time(), SIZE);
        AtomicInteger rowsSent = new AtomicInteger();
        AtomicInteger failed = new AtomicInteger();
        instance.faults().onProducer("send", call -> {
            if (call.record().topic().equals(bed.topics().sink())) {
                rowsSent.incrementAndGet();
            }
            return call.proceed();
        });
        instance.faults().onProducer("commitTransaction", call -> {
            if (rowsSent.get() > 0 && failed.getAndIncrement() == 0) {
                throw new KafkaException("the test's fault");
            }
            return call.proceed();
        });
        input.send(0, 1, start);
        input.send(0, 2, start);
        input.send(0, 2, start);
        input.send(0, 3, start + 3 * SIZE);
        input.send(0, 1, start);
        input.send(0, "k", "no line");
        input.flush();
        bed.awaitProcessed();

        assertThat(rowsSent.get()).as("rows, twice").isEqualTo(4);
        List<String> rows = instance.events().samples.stream()
                .flatMap(sample -> sample.any().stream())
                .map(RowSample.Row::valueText)
                .sorted()
                .toList();
        assertThat(rows).as("all of so few").isEqualTo(bed.rows()).hasSize(2);
        assertThat(instance.events().samples)
                .allSatisfy(sample -> assertThat(sample.rankedBy()).isEqualTo("count"));
        assertThat(instance.events().samples.stream().flatMap(sample -> sample.largest().stream()))
                .extracting(row -> row.keyText() + " " + row.number())
                .contains("p0-k2 2.0");
        assertThat(instance.events().lost)
                .extracting(LostRecords::reason, LostRecords::count, LostRecords::position)
                .containsExactlyInAnyOrder(
                        tuple(LostRecords.LATE, 1L, bed.source(0) + "@4"),
                        tuple("BAD_TIMESTAMP", 1L, bed.source(0) + "@5"));
        assertThat(instance.events().lost)
                .extracting(lost -> lost.sample().key())
                .contains("p0-k1", "k");
        bed.assertExact();
    }

    @Test
    void keepsNoKeysAndValuesUnlessTheyAreWanted() {
        Instance instance = bed.started("a");
        Input input = bed.input();
        input.send(0, 1, input.time());
        input.send(0, 1, input.time() + 10 * SIZE);
        input.send(0, "k", "no line");
        input.flush();
        bed.awaitProcessed();

        assertThat(bed.rows()).hasSize(1);
        assertThat(instance.events().samples).isEmpty();
        assertThat(instance.events().lost).singleElement().satisfies(lost -> {
            assertThat(lost.sample()).isNull();
            assertThat(lost.position()).isEqualTo(bed.source(0) + "@2");
        });
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
