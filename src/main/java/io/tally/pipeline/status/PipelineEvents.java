package io.tally.pipeline.status;

import io.tally.checkpoint.Ledger;
import java.time.Duration;
import java.util.List;

/**
 * What happens in a pipeline, for metrics. Called on the lane's threads, so implementations must be fast and
 * thread-safe, and never throw. Everything counted in {@link #committed} is committed, and nothing is counted twice.
 */
public interface PipelineEvents {
    /** Ignores everything. */
    PipelineEvents NONE = new PipelineEvents() {};

    /** Tells all of them, in their order. */
    static PipelineEvents all(List<PipelineEvents> receivers) {
        return receivers.size() == 1 ? receivers.get(0) : new AllEvents(List.copyOf(receivers));
    }

    /**
     * Whether somebody watches right now. Only then are open windows shown one by one, in {@link PartitionStatus#open}.
     */
    default boolean isWatched() {
        return false;
    }

    /**
     * Whether it takes samples of rows, and of records that were not counted, with their keys and values; always the
     * same.
     */
    default boolean takesSamples() {
        return false;
    }

    /** Some of the rows of a committed transaction; only if somebody takes samples. */
    default void sampled(String pipeline, RowSample sample) {}

    /** Records that a committed transaction did not count, of one reason. */
    default void lost(String pipeline, LostRecords records) {}

    /**
     * A transaction's share of one partition was committed.
     *
     * @param pipeline name of the pipeline
     * @param partition source partition
     * @param delta records of this transaction by class
     * @param results rows sent to the sink
     * @param stateRecords records sent to the state topic, tombstones included
     */
    default void committed(
            String pipeline,
            int partition,
            Ledger delta,
            long results,
            long stateRecords,
            PartitionSnapshot snapshot) {}

    /**
     * Dead letters of a committed transaction.
     *
     * @param reason name of the reason
     */
    default void deadLettered(String pipeline, int partition, String reason, long count) {}

    /**
     * A transaction of a lane was committed; told after {@link #committed} of each of its partitions.
     *
     * @param duration from the begin, when records were delivered, to the confirmed commit
     * @param commit of this the commit alone
     */
    default void transaction(String pipeline, int lane, TransactionSize size, Duration duration, Duration commit) {}

    /**
     * A transaction of a lane ended without a confirmed commit.
     *
     * @param byFencing whether it was because another producer has taken over the lane's transactional id
     */
    default void aborted(String pipeline, int lane, boolean byFencing, Throwable cause) {}

    /** Whether it takes {@link #traced traces} of transactions; always the same. */
    default boolean takesTraces() {
        return false;
    }

    /**
     * The most parents that it wants of a transaction's records, 0 or more; always the same. With 0 nobody looks at the
     * records' headers.
     */
    default int mostParents() {
        return 0;
    }

    /**
     * A transaction of a lane has ended, one way or the other; told after {@link #transaction} or {@link #aborted}, and
     * only if somebody takes traces.
     */
    default void traced(String pipeline, int lane, TransactionTrace trace) {}

    /** A partition was restored. */
    default void restored(String pipeline, int partition, Duration duration, long entries, long replayed) {}

    /** A restored partition goes to work. */
    default void activated(String pipeline, int partition) {}

    /** A partition was refused. */
    default void refused(String pipeline, int partition, Refusal refusal) {}

    /** The lane ended the transaction that a dead predecessor had left open. */
    default void predecessorFenced(String pipeline, int lane, String transactionalId) {}

    /** This instance no longer owns the partition: its meters go. */
    default void released(String pipeline, int partition) {}
}
