package io.tally.pipeline;

import java.time.Duration;

/**
 * When entries go to the state topic, and updates to the sink. An entry is due once its oldest unwritten update is
 * older than the interval, or more than a number of records back; both bound how much a recovery replays.
 *
 * @param interval age at which an entry is due, longer than windows stay open if their state shall never be written
 * @param maxReplayRecords records of a partition after which an entry is due whatever its age, at least 1
 * @param maxEntriesPerTransaction the most entries that one transaction writes per partition, at least 1, so that a
 *     checkpoint is a trickle and no pause, or one for ten of the partition's records in it if that is more; where
 *     entries make a cut, how many have changed when it is due
 * @param everyTransaction write all that is dirty in every transaction, so that recovery needs no replay: for sources
 *     whose records may vanish, such as compacted topics
 * @param emitInterval where rows leave before their window closes: age at which a change leaves, as many per
 *     transaction as entries; zero for in its own transaction
 */
public record CheckpointPolicy(
        Duration interval,
        long maxReplayRecords,
        int maxEntriesPerTransaction,
        boolean everyTransaction,
        Duration emitInterval) {
    /** However large transactions are, as many entries are written while a backlog is read. */
    private static final int RECORDS_PER_ENTRY = 10;

    private static final long SHORTEST_TICK = 10;
    private static final long LONGEST_TICK = 200;

    /** The same, but that nothing waits. */
    public CheckpointPolicy inEveryTransaction() {
        return new CheckpointPolicy(interval, maxReplayRecords, maxEntriesPerTransaction, true, emitInterval);
    }

    /** How often to look for what has grown old although no records come: twice per interval, each 10 to 200 ms. */
    public Duration tick() {
        if (everyTransaction) {
            return Duration.ofMillis(LONGEST_TICK);
        }
        long shorter =
                emitInterval.isZero() ? interval.toMillis() : Math.min(interval.toMillis(), emitInterval.toMillis());
        return Duration.ofMillis(Math.max(SHORTEST_TICK, Math.min(LONGEST_TICK, shorter / 2)));
    }

    /** The most entries that one transaction with so many records of a partition writes for it. */
    int maxEntries(long records) {
        return (int) Math.min(Integer.MAX_VALUE, Math.max(maxEntriesPerTransaction, records / RECORDS_PER_ENTRY));
    }

    /** The most rows that leave before their window closes in such a transaction. */
    int maxUpdates(long records) {
        return emitInterval.isZero() ? Integer.MAX_VALUE : maxEntries(records);
    }
}
