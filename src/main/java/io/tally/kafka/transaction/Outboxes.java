package io.tally.kafka.transaction;

import io.tally.kafka.topic.TopicLayout;
import io.tally.plan.KafkaPipeline;

/**
 * Makes the outboxes of a lane's partitions. All of them write into the lane's one transaction and note there what
 * fails. Confined to the consumer thread.
 */
public final class Outboxes {
    private final KafkaPipeline pipeline;
    private final TopicLayout layout;
    private final LaneTransactions transactions;
    private final RowLimit rows;
    private final boolean samples;
    /** The failures of the running transaction; those before it had none. */
    private SendFailures failures = new SendFailures();

    /**
     * Of a lane.
     *
     * @param samples whether some rows, and some of what was not counted, are kept for people who look at them
     */
    public Outboxes(
            KafkaPipeline pipeline, TopicLayout layout, LaneTransactions transactions, RowLimit rows, boolean samples) {
        this.samples = samples;
        this.pipeline = pipeline;
        this.layout = layout;
        this.transactions = transactions;
        this.rows = rows;
    }

    /**
     * The outbox of a partition that begins to work. It is of no more use once a transaction has failed.
     *
     * @param partition number of the source partition
     */
    public TransactionalOutbox open(int partition) {
        return new TransactionalOutbox(
                transactions, pipeline.groupId(), pipeline.topics(), layout, rows, failures, partition, samples);
    }

    /** The failed sends of the transaction that failed last. What its producer still reports is ignored. */
    public SendFailures takeFailures() {
        SendFailures taken = failures;
        failures = new SendFailures();
        return taken;
    }
}
