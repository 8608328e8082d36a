package io.tally.pipeline;

import java.time.Duration;

/**
 * When entries go to the state topic, and updates to the sink. An entry is due once its oldest unwritten update is
 * older than the interval, or more than a number of records back. Both bound how much a recovery replays.
 *
 * @param interval age at which an entry is due; if it is longer than windows stay open, their state is never written
 * @param maxReplayRecords records of a partition after which an entry is due whatever its age, at least 1
 * @param maxEntriesPerTransaction the most entries that one transaction writes per partition, at least 1, or one per
 *     ten of the partition's records in it if that is more. So a checkpoint is a trickle, not a pause. Where entries
 *     make a cut, the cut is due when this many have changed
 * @param everyTransaction whether every transaction writes all that is dirty, so that a recovery needs no replay: for
 *     sources whose records may vanish, such as compacted topics
 * @param emitInterval age at which a change leaves, where rows leave before their window closes. A transaction takes as
 *     many updates as entries. With zero, a change leaves in the transaction of its record, and there is no limit
 */
public record CheckpointPolicy(
        Duration interval,
        long maxReplayRecords,
        int maxEntriesPerTransaction,
        boolean everyTransaction,
        Duration emitInterval) {
    /**
     * Large transactions may write more entries, so that a backlog is checkpointed at the same rate however it is cut
     * into transactions.
     */
    private static final int RECORDS_PER_ENTRY = 10;

    private static final long SHORTEST_TICK = 10;
    private static final long LONGEST_TICK = 200;

    /** The same policy, but everything is written in every transaction. */
    public CheckpointPolicy inEveryTransaction() {
        return new CheckpointPolicy(interval, maxReplayRecords, maxEntriesPerTransaction, true, emitInterval);
    }

    /** How often to look for what has become due while no records come: twice per interval, but every 10 to 200 ms. */
    public Duration tick() {
        if (everyTransaction) {
            return Duration.ofMillis(LONGEST_TICK);
        }
        long shorter =
                emitInterval.isZero() ? interval.toMillis() : Math.min(interval.toMillis(), emitInterval.toMillis());
        return Duration.ofMillis(Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, shorter / 2)));
    }

    /** The most entries that one transaction with so many records of a partition writes for it. */
    public int maxEntries(long records) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(maxEntriesPerTransaction, records / RECORDS_PER_ENTRY));
    }

    /** The most rows that leave before their window closes in such a transaction. */
    public int maxUpdates(long records) {
        return emitInterval.isZero() ? Integer.MAX_VALUE : maxEntries(records);
    }
}
