package io.tally.kafka.counting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.PartitionSnapshot;
import io.tally.pipeline.status.PartitionStatus;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** More rows leave at once than a transaction takes: they leave in several, each once, whatever becomes of those. */
class ManyRowsIT {
    private static final int PARTITIONS = 2;
    private static final int LIMIT = 20;
    private static final int KEYS = 300;
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @BeforeEach
    void configure() {
        bed.pipeline.maxRowsPerTransaction(LIMIT);
    }

    @Test
    void ofOneWindowLeaveInSeveralTransactions() {
        Instance first = bed.started("a");
        Input input = bed.input();
        writeKeys(input);
        AtomicInteger commits = loseSomeCommits(first);
        input.closeWindows();
        input.send(0, 0, input.time() + 1);
        input.send(1, 1, input.time() - 20_000);
        input.flush();
        await("some commits").atMost(PATIENCE).until(() -> commits.get() >= 8);
        first.kill();

        Instance second = bed.started("a");
        input.closeWindows();
        bed.assertExact();

        assertThat(first.events().mostRows).hasValueBetween(1, 2 * LIMIT);
        assertThat(second.events().mostRows).hasValueBetween(1, 2 * LIMIT);
    }

    @Test
    void leaveInSeveralTransactionsWhenTheSourceFallsSilent() {
        bed.pipeline.idleTimeout(Duration.ofMillis(300));
        Instance first = bed.started("a");
        AtomicInteger commits = loseSomeCommits(first);
        Input input = bed.input();
        writeKeys(input);

        await("all rows")
                .atMost(PATIENCE)
                .until(
                        () -> bed.rows().stream()
                                .map(row -> row.substring(0, row.indexOf(' ', row.indexOf(' ') + 1)))
                                .toList(),
                        rows -> rows.size() == KEYS && rows.stream().distinct().count() == KEYS);
        assertThat(commits).hasValueGreaterThan(KEYS / LIMIT / 2);
        await("the end")
                .atMost(PATIENCE)
                .until(() -> first.partitions().stream()
                        .map(PartitionStatus::committed)
                        .filter(Objects::nonNull)
                        .allMatch(committed -> committed.target() == null && committed.openWindows() == 0));
    }

    @ParameterizedTest(name = "shuffle {0}")
    @ValueSource(booleans = {false, true})
    void ofManyWindowsLeaveInSeveralTransactions(boolean shuffled) {
        Duration size = Duration.ofSeconds(60);
        bed.pipeline.window(new WindowSpec(
                new WindowKind.Aligned(Windowing.hopping(size, Duration.ofSeconds(1))),
                LinesPipeline.GRACE,
                Duration.ZERO,
                Emission.FINAL));
        Instance first = start(shuffled);
        Input input = bed.input();
        long time = input.time();
        sendToAll(input, time, 1, 2, 3);
        bed.awaitProcessed();
        AtomicInteger commits = loseSomeCommits(first);
        input.advance(3_600_000);
        sendToAll(input, input.time(), 1);
        await("some commits").atMost(PATIENCE).until(() -> commits.get() >= 8);
        first.kill();

        Instance second = start(shuffled);
        sendToAll(input, input.time() + 1, 4);
        bed.awaitProcessed();

        Map<String, Integer> expected = new TreeMap<>();
        for (long start = time - 59_000; start <= time; start += 1_000) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                for (int key = 1; key <= 3; key++) {
                    expected.put(start + " p" + partition + "-k" + key + " 1", 1);
                }
            }
        }
        await("all rows")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows()).isEqualTo(expected));
        // The last of its transactions may have no row.
        await("that nothing is pending")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(second.statuses().stream()
                                .flatMap(status -> status.lanes().stream())
                                .flatMap(lane -> lane.partitions().stream())
                                .map(PartitionStatus::committed)
                                .filter(Objects::nonNull)
                                .map(PartitionSnapshot::target))
                        .containsOnlyNulls());
        assertThat(first.events().mostRows).hasValueBetween(1, 2 * LIMIT);
    }

    /** What is kept of many windows for corrections expires at once, and is deleted in the state topic step by step. */
    @Test
    void ofWindowsThatExpireAreForgottenInSeveralTransactions() {
        bed.pipeline.window(new WindowSpec(
                new WindowKind.Aligned(Windowing.tumbling(LinesPipeline.SIZE)),
                LinesPipeline.GRACE,
                Duration.ofHours(1),
                Emission.FINAL));
        Instance first = bed.started("a");
        Input input = bed.input();
        writeKeys(input);
        input.closeWindows();
        bed.awaitProcessed();
        assertThat(liveEntries()).as("kept entries").isGreaterThanOrEqualTo(KEYS);
        first.events().mostStateRecords.set(0);
        AtomicInteger commits = loseSomeCommits(first);
        input.advance(7_200_000);
        input.send(0, 0, input.time());
        input.flush();
        await("some commits").atMost(PATIENCE).until(() -> commits.get() >= 8);
        first.kill();

        Instance second = bed.started("a");
        bed.awaitProcessed();

        assertThat(bed.progress(0).metadata().expired()).isNull();
        assertThat(liveEntries()).as("entries of partition 0").isLessThanOrEqualTo(2);
        assertThat(first.events().mostStateRecords).hasValueBetween(LIMIT / 2, 2 * LIMIT);
        assertThat(second.events().mostStateRecords).hasValueBetween(LIMIT / 2, 2 * LIMIT);
    }

    /** Records in the state topic's first partition that no later one has replaced or deleted. */
    private long liveEntries() {
        Map<String, Boolean> live = new TreeMap<>();
        bed.log().read(bed.topics().state()).stream()
                .filter(record -> record.partition() == 0)
                .forEach(record -> live.put(HexFormat.of().formatHex(record.key()), record.value() != null));
        return live.values().stream().filter(isLive -> isLive).count();
    }

    private Instance start(boolean shuffled) {
        return shuffled
                ? bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                        .start()
                : bed.started("a");
    }

    /** The outcome of one commit is not known, another fails. */
    private static AtomicInteger loseSomeCommits(Instance instance) {
        AtomicInteger commits = new AtomicInteger();
        instance.faults().onProducer("commitTransaction", call -> {
            int number = commits.incrementAndGet();
            if (number == 5) {
                throw new TimeoutException("the commit was lost");
            }
            Object result = call.proceed();
            if (number == 3) {
                throw new TimeoutException("the answer was lost");
            }
            return result;
        });
        return commits;
    }

    private static void writeKeys(Input input) {
        for (int key = 0; key < KEYS; key++) {
            input.send(0, key, input.time());
        }
        input.flush();
    }

    private static void sendToAll(Input input, long time, int... keys) {
        for (int key : keys) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                input.send(partition, key, time);
            }
        }
        input.flush();
    }

    /** Start, key and count, and how often they are there. */
    private Map<String, Integer> rows() {
        Map<String, Integer> rows = new TreeMap<>();
        for (String row : bed.rows()) {
            List<String> columns = List.of(row.split(" "));
            rows.merge(String.join(" ", columns.subList(0, 3)), 1, Integer::sum);
        }
        return rows;
    }
}
