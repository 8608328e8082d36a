package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.testkafka.Input;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.Log;
import io.tally.testkafka.StreamsCount;
import io.tally.testkafka.TestBed;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * One source partition runs behind the others. Tally and Kafka Streams count the same topic per key, in the same
 * windows with the same grace. The partition stops for minutes and then catches up. By design, Tally goes by the
 * slowest partition and Kafka Streams by the fastest record. What Kafka Streams drops is computed here from that rule,
 * to the record.
 */
class BehindTheOthersIT {
    private static final int PARTITIONS = 4;
    private static final int BEHIND = PARTITIONS - 1;
    private static final int KEYS = 12;
    private static final long SIZE = LinesPipeline.SIZE.toMillis();
    private static final long GRACE = LinesPipeline.GRACE.toMillis();
    private static final long SECOND = 1_000;
    private static final Duration TOGETHER = Duration.ofMinutes(1);
    private static final Duration APART = Duration.ofMinutes(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    final TestBed bed = new TestBed(PARTITIONS);

    @TempDir
    Path directory;

    private final Map<String, Long> expected = new TreeMap<>();
    private long sent;
    /** Of recent times, so that broker settings about timestamps and retention need not be known here. */
    private final long begin = Instant.now()
            .truncatedTo(ChronoUnit.HOURS)
            .minus(1, ChronoUnit.HOURS)
            .toEpochMilli();

    @Test
    void nothingIsLateForThePartitionsBeingApart() {
        String sink = bed.groupId() + "-streams-sink";
        bed.create(new NewTopic(sink, 2, (short) 1));
        bed.instance(bed.pipeline.buildShuffled(bed.groupId(), "a", bed.topics()))
                .start();
        try (StreamsCount streams = new StreamsCount(
                        bed.bootstrap(),
                        bed.groupId() + "-streams",
                        bed.topics().source(),
                        sink,
                        directory)
                .start()) {
            Input input = bed.input();
            long parting = begin + TOGETHER.toMillis();
            long meeting = parting + APART.toMillis();
            for (long window = begin; window < parting; window += SIZE) {
                writeWindow(input, window, 0, PARTITIONS);
                awaitTaken(streams);
            }
            for (long window = parting; window < meeting; window += SIZE) {
                writeWindow(input, window, 0, BEHIND);
                awaitTaken(streams);
            }
            assertThat(streams.dropped())
                    .as("dropped before the partition is back")
                    .isZero();
            for (long window = parting; window < meeting; window += SIZE) {
                writeWindow(input, window, BEHIND, PARTITIONS);
            }
            awaitTaken(streams);
            closeWindows(input, meeting);

            Map<String, Long> ofTally = awaitCounts(bed.topics().sink());
            Map<String, Long> ofStreams = awaitCounts(sink);

            report(streams.dropped(), ofTally, ofStreams);
            assertThat(ofTally).isEqualTo(expected);
            assertThat(bed.log().read(bed.topics().late())).isEmpty();
            assertThat(streams.dropped()).isEqualTo(lateByTheMaximum(parting, meeting));
            assertThat(sum(ofStreams)).isEqualTo(sum(expected) - streams.dropped());
        }
    }

    /**
     * Writes each key once a second in each of the partitions, one window at a time, and waits for it. So in whatever
     * order the partitions are read, a reader that goes by the maximum sees no record of a closed window.
     */
    private void writeWindow(Input input, long window, int firstPartition, int endPartition) {
        for (long time = window; time < window + SIZE; time += SECOND) {
            for (int partition = firstPartition; partition < endPartition; partition++) {
                for (int key = 0; key < KEYS; key++) {
                    send(input, partition, key, time);
                    expected.merge(window + " key-" + key, 1L, Long::sum);
                }
            }
        }
        input.flush();
    }

    /** In a window of its own, which stays open. */
    private void closeWindows(Input input, long end) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int key = 0; key < KEYS; key++) {
                send(input, partition, key, end + SIZE + GRACE);
            }
        }
        input.flush();
    }

    private void send(Input input, int partition, int key, long time) {
        input.send(partition, null, time + " key-" + key + " 1 text");
        sent++;
    }

    private void awaitTaken(StreamsCount streams) {
        await("Kafka Streams to take " + sent + " records")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(2))
                .until(() -> streams.taken() >= sent);
    }

    /** The records of the partition behind whose windows had closed by the greatest time before {@code meeting}. */
    private static long lateByTheMaximum(long parting, long meeting) {
        long greatest = meeting - SECOND;
        long late = 0;
        for (long window = parting; window + SIZE + GRACE <= greatest; window += SIZE) {
            late += SIZE / SECOND * KEYS;
        }
        return late;
    }

    /** The count in each row, by start and key, once there are as many rows as there must be. */
    private Map<String, Long> awaitCounts(String sink) {
        return await("rows in " + sink)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> counts(sink), counts -> counts.size() >= expected.size());
    }

    private Map<String, Long> counts(String sink) {
        Map<String, Long> counts = new TreeMap<>();
        bed.log().read(sink).forEach(record -> {
            String[] row = Log.text(record.value()).split(" ");
            Long before = counts.put(row[0] + " " + row[1], Long.parseLong(row[2]));
            assertThat(before).as("an earlier row of the same key and window").isNull();
        });
        return counts;
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private void report(long dropped, Map<String, Long> ofTally, Map<String, Long> ofStreams) {
        System.out.printf(
                "%d records, one of %d partitions behind by up to %s: Tally counted %d, %d late, %d of %d"
                        + " rows exact; Kafka Streams counted %d, dropped %d, %d of %d rows exact%n",
                sum(expected),
                PARTITIONS,
                APART,
                sum(ofTally),
                bed.log().read(bed.topics().late()).size(),
                exact(ofTally),
                expected.size(),
                sum(ofStreams),
                dropped,
                exact(ofStreams),
                expected.size());
    }

    private long exact(Map<String, Long> counts) {
        return expected.entrySet().stream()
                .filter(row -> row.getValue().equals(counts.get(row.getKey())))
                .count();
    }
}
