package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.TestBed;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every kind of window, with and without a shuffle, against the broker: killed, stopped, restored, and exact. */
class WindowKindsIT {
    private static final int PARTITIONS = 2;
    private static final int KEYS = 6;
    private static final long SIZE = 6_000;
    private static final long STEP = 2_000;
    private static final Duration EMIT_INTERVAL = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    private final Random random = new Random(11);

    /** What there is, and how a record's windows follow from its time. */
    enum Kind {
        TUMBLING(new WindowKind.Aligned(Windowing.tumbling(Duration.ofMillis(SIZE)))),
        HOPPING(new WindowKind.Aligned(Windowing.hopping(Duration.ofMillis(SIZE), Duration.ofMillis(STEP)))),
        CUMULATIVE(new WindowKind.Aligned(Windowing.cumulative(Duration.ofMillis(SIZE), Duration.ofMillis(STEP)))),
        SESSION(new WindowKind.Sessions(Duration.ofMillis(STEP))),
        TOTALS(new WindowKind.Totals(null));

        final WindowKind windows;

        Kind(WindowKind windows) {
            this.windows = windows;
        }
    }

    static Stream<Arguments> modes() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(false, true)
                        .flatMap(shuffled -> Stream.of(Emission.values())
                                .filter(emission -> kind != Kind.TOTALS || emission == Emission.UPDATES)
                                // Early rows of these cannot be told apart by start and key.
                                .filter(emission -> emission == Emission.FINAL || kind != Kind.CUMULATIVE)
                                .map(emission -> Arguments.of(kind, emission, shuffled))));
    }

    @ParameterizedTest(name = "{0}, {1}, shuffle {2}")
    @MethodSource("modes")
    void isExact(Kind kind, Emission emission, boolean shuffled) {
        boolean updates = emission == Emission.UPDATES;
        bed.pipeline.window(new WindowSpec(kind.windows, LinesPipeline.GRACE, Duration.ZERO, emission));
        // Windows in the state topic, and windows that only a replay knows.
        bed.pipeline.checkpointAfter(60);
        if (updates && !shuffled) {
            bed.pipeline.emitAfter(EMIT_INTERVAL);
        }
        if (updates && kind == Kind.SESSION) {
            bed.pipeline.template("{start} {key} {count} {sum} {text} {revision} {final}");
        }
        Input input = bed.input();
        Instance running = start(shuffled);
        for (int round = 0; round < 3; round++) {
            write(input, 250, 12_000);
            bed.awaitProcessed();
            if (round == 0) {
                running.kill();
            } else {
                running.stop();
            }
            running = start(shuffled);
        }
        input.advance(60_000);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            input.send(partition, 0, input.time());
        }
        input.flush();

        Map<String, String> expected = expected(kind, updates, bed.awaitProcessed(), input.time());
        await("the rows of " + kind)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows(kind, updates)).isEqualTo(expected));
        assertThat(bed.log().read(bed.topics().late())).isEmpty();
    }

    @Test
    void anUpdateLeavesAlthoughNothingFollows() {
        bed.pipeline.window(
                new WindowSpec(Kind.TUMBLING.windows, LinesPipeline.GRACE, Duration.ZERO, Emission.UPDATES));
        bed.pipeline.emitAfter(EMIT_INTERVAL);
        Input input = bed.input();
        start(false);
        input.send(0, 1, input.time());
        input.flush();
        awaitRows(input.time(), "p0-k1", "1 1");
    }

    /** Each within the allowed lateness, one of them after a crash; then one that is later than that. */
    @ParameterizedTest(name = "shuffle {0}")
    @ValueSource(booleans = {false, true})
    void correctsRowsThatHaveLeft(boolean shuffled) {
        bed.pipeline.window(
                new WindowSpec(Kind.TUMBLING.windows, LinesPipeline.GRACE, Duration.ofSeconds(20), Emission.FINAL));
        Input input = bed.input();
        long time = input.time();
        Instance running = start(shuffled);
        input.send(0, 1, time);
        sendToAll(input, time + 10_000);
        awaitRows(time, "p0-k1", "1 1");
        input.send(0, 1, time + 1);
        input.flush();
        awaitRows(time, "p0-k1", "1 1", "2 2");
        running.kill();
        start(shuffled);
        input.send(0, 1, time + 2);
        input.flush();
        awaitRows(time, "p0-k1", "1 1", "2 2", "3 3");

        sendToAll(input, time + 60_000);
        input.send(0, 1, time + 3);
        input.flush();
        await("the late record")
                .atMost(PATIENCE)
                .until(() -> bed.log().read(bed.topics().late()).size() == 1);
        awaitRows(time, "p0-k1", "1 1", "2 2", "3 3");
    }

    private static void sendToAll(Input input, long time) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            input.send(partition, 0, time);
        }
        input.flush();
    }

    /** Counts and revisions of one window and key, in their order. */
    private void awaitRows(long start, String key, String... counts) {
        await("rows of " + key)
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(bed.log().read(bed.topics().sink()).stream()
                                .map(record -> Log.text(record.value()).split(" "))
                                .filter(row -> row[0].equals(Long.toString(start)) && row[1].equals(key))
                                .map(row -> row[2] + " " + row[5]))
                        .containsExactly(counts));
    }

    private Instance start(boolean shuffled) {
        return shuffled
                ? bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                        .start()
                : bed.instance("a").start();
    }

    /** Out of order, but by less than the grace. */
    private void write(Input input, int records, long millis) {
        long begin = input.time();
        for (int i = 0; i < records; i++) {
            input.send(
                    random.nextInt(PARTITIONS),
                    random.nextInt(KEYS),
                    begin + millis * i / records - random.nextInt(1_900));
        }
        input.advance(millis);
        input.flush();
    }

    /**
     * Count and sum by window and key. Cumulative windows may share their start, so their rows are numbered. A session
     * keeps its start only once it has ended, so only final rows of sessions count.
     */
    private Map<String, String> rows(Kind kind, boolean updates) {
        Map<String, String> rows = new TreeMap<>();
        Map<String, Long> revisions = new HashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        for (ConsumerRecord<byte[], byte[]> record : bed.log().read(bed.topics().sink())) {
            String[] row = Log.text(record.value()).split(" ");
            String id = row[0] + " " + row[1];
            if (updates && kind == Kind.SESSION) {
                assertThat(Long.parseLong(row[5])).isPositive();
                if (Boolean.parseBoolean(row[6])) {
                    assertThat(rows.put(id, row[2] + " " + row[3]))
                            .as("second final row of %s", id)
                            .isNull();
                }
            } else if (updates) {
                assertThat(Long.parseLong(row[5]))
                        .as("revision of %s", id)
                        .isEqualTo(revisions.merge(id, 1L, Long::sum));
                rows.put(id, row[2] + " " + row[3]);
            } else {
                String name = kind == Kind.CUMULATIVE ? id + " #" + seen.merge(id, 1, Integer::sum) : id;
                assertThat(rows.put(name, row[2] + " " + row[3]))
                        .as("second row of %s", name)
                        .isNull();
            }
        }
        return rows;
    }

    private static Map<String, String> expected(
            Kind kind, boolean updates, List<ConsumerRecord<byte[], byte[]>> source, long last) {
        Map<String, TreeMap<Long, List<Long>>> events = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> record : source) {
            String[] line = Log.text(record.value()).split(" ");
            events.computeIfAbsent(line[1], key -> new TreeMap<>())
                    .computeIfAbsent(Long.parseLong(line[0]), time -> new ArrayList<>())
                    .add(Long.parseLong(line[2]));
        }
        long closed = updates && kind != Kind.SESSION ? Long.MAX_VALUE : last - LinesPipeline.GRACE.toMillis();
        Map<String, String> rows = new TreeMap<>();
        events.forEach((key, times) -> windows(kind, times).forEach(window -> {
            List<Long> numbers = times.subMap(window[0], window[1]).values().stream()
                    .flatMap(List::stream)
                    .toList();
            if (window[1] <= closed && !numbers.isEmpty()) {
                BigInteger sum = numbers.stream().map(BigInteger::valueOf).reduce(BigInteger.ZERO, BigInteger::add);
                String id = (kind == Kind.TOTALS ? 0 : window[0]) + " " + key;
                int pane = 1;
                while (kind == Kind.CUMULATIVE && rows.containsKey(id + " #" + pane)) {
                    pane++;
                }
                rows.put(kind == Kind.CUMULATIVE ? id + " #" + pane : id, numbers.size() + " " + sum);
            }
        }));
        return rows;
    }

    /** All windows that may have events at these times, as start and end. */
    private static List<long[]> windows(Kind kind, TreeMap<Long, List<Long>> times) {
        List<long[]> windows = new ArrayList<>();
        long first = Math.floorDiv(times.firstKey(), SIZE) * SIZE - SIZE;
        switch (kind) {
            case TUMBLING ->
                range(first, times.lastKey(), SIZE).forEach(start -> windows.add(new long[] {start, start + SIZE}));
            case HOPPING ->
                range(first, times.lastKey(), STEP).forEach(start -> windows.add(new long[] {start, start + SIZE}));
            case CUMULATIVE ->
                range(first, times.lastKey(), SIZE)
                        .forEach(start -> range(start + STEP, start + SIZE, STEP)
                                .forEach(end -> windows.add(new long[] {start, end})));
            case TOTALS -> windows.add(new long[] {Long.MIN_VALUE, Long.MAX_VALUE});
            case SESSION -> {
                long start = times.firstKey();
                long before = start;
                for (long time : times.keySet()) {
                    if (time - before >= STEP) {
                        windows.add(new long[] {start, before + STEP});
                        start = time;
                    }
                    before = time;
                }
                windows.add(new long[] {start, before + STEP});
            }
        }
        return windows;
    }

    private static List<Long> range(long first, long last, long step) {
        return Stream.iterate(first, value -> value <= last, value -> value + step)
                .toList();
    }
}
