package io.tally.duel;

import io.tally.testkafka.Input;
import io.tally.testkafka.LinesPipeline;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;

/**
 * The log of a duel: records out of order, and some of them late. At its end each key has a row in a window of its own,
 * by whose coming everybody can tell that all is counted.
 */
final class DuelLog {
    static final String ROW = "{start} {key} {count}";
    static final int PARTITIONS = 3;
    private static final int KEYS = 6;
    private static final int RECORDS = 400;
    private static final Duration SPAN = Duration.ofSeconds(80);
    private static final int OUT_OF_ORDER = (int) LinesPipeline.GRACE.toMillis();
    private static final int LATE = 12_000;
    /** One of so many may be late. */
    private static final int LATE_ONE_OF = 12;

    private final boolean spread;
    /** Of recent times, since Kafka Streams hands them on as timestamps of records, which brokers may turn down. */
    private final long begin = Instant.now()
            .truncatedTo(ChronoUnit.HOURS)
            .minus(1, ChronoUnit.HOURS)
            .toEpochMilli();

    private final long lastWindow =
            begin + SPAN.plus(LinesPipeline.SIZE.multipliedBy(10)).toMillis();

    /** @param spread whether keys are in several partitions */
    DuelLog(boolean spread) {
        this.spread = spread;
    }

    /** Writes it; gives the number of its records. */
    int write(Input input, Random random) {
        long span = SPAN.toMillis();
        for (int i = 0; i < RECORDS; i++) {
            long back = random.nextInt(random.nextInt(LATE_ONE_OF) == 0 ? LATE : OUT_OF_ORDER);
            long time = begin + span * i / RECORDS - back;
            send(input, random.nextInt(PARTITIONS), random.nextInt(KEYS), time);
        }
        toAll(input, lastWindow);
        toAll(input, lastWindow + LinesPipeline.SIZE.plus(LinesPipeline.GRACE).toMillis());
        input.flush();
        return RECORDS + 2 * PARTITIONS * KEYS;
    }

    private void toAll(Input input, long time) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            for (int key = 0; key < KEYS; key++) {
                send(input, partition, key, time);
            }
        }
    }

    private void send(Input input, int partition, int key, long time) {
        String name = spread ? "k" + key : "p" + partition + "-k" + key;
        input.send(partition, name, time + " " + name + " 1 text");
    }

    /** Whether a row is of the window that tells the end. */
    boolean isLast(String row) {
        return row.startsWith(lastWindow + " ");
    }

    /** The number of these rows. */
    int lastRows() {
        return spread ? KEYS : KEYS * PARTITIONS;
    }
}
