package io.tally.kafka.lane;

import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;

/**
 * How much goes into one transaction.
 *
 * @param poll most records of a poll, at most {@code transaction}
 * @param transaction most records of a transaction
 * @param interval how long records without rows may wait for the end of their transaction; zero for not at all
 * @param tick how often to look for what is due although no records come
 */
record BatchLimits(int poll, int transaction, Duration interval, Duration tick) {
    /** For how long full polls are taken in, if the limit of records is not reached before. */
    static final Duration FULL_POLLS = Duration.ofMillis(250);

    /**
     * How long to wait after a full poll, which says that there is more. Without waiting, the consumer of the newer
     * group protocol mostly has nothing ready.
     */
    private static final long MORE = 5;

    /** The client's own default of max.poll.records. */
    private static final int DEFAULT_POLL_RECORDS = 500;

    /** @param consumer the settings of the lane's consumer */
    static BatchLimits of(KafkaPipeline pipeline, Map<String, Object> consumer, Duration tick) {
        Object poll = consumer.getOrDefault(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, DEFAULT_POLL_RECORDS);
        int transaction = pipeline.transactions().records();
        return new BatchLimits(
                Math.min(Integer.parseInt(poll.toString()), transaction),
                transaction,
                // What a combine stage sends leaves when the batch ends.
                pipeline.stage() == StageKind.COMBINE
                        ? Duration.ZERO
                        : pipeline.transactions().commitInterval(),
                tick);
    }

    /**
     * How long to wait for another poll, in milliseconds; not positive if the transaction is to end.
     *
     * @param polled number of records of the last poll
     * @param records number of records in the transaction
     * @param age since it began, in milliseconds
     * @param due whether it has rows, or something else should not wait; not asked after a full poll
     */
    long millisForMore(int polled, int records, long age, BooleanSupplier due) {
        if (records + poll > transaction) {
            return 0;
        }
        if (polled >= poll) {
            return age < FULL_POLLS.toMillis() ? MORE : 0;
        }
        // No waiting for rows of other partitions: those that come at about the same time mostly come in the same poll.
        long rest = interval.toMillis() - age;
        return rest <= 0 || due.getAsBoolean() ? 0 : Math.min(rest, tick.toMillis());
    }
}
