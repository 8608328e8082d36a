package io.tally.pipeline.log;

import io.tally.codec.SourceRecord;
import java.util.SortedMap;

/**
 * Reads topics as a careful reader does: only what is committed, in order of offset, without a group. All that it holds
 * at a time is what the client has fetched. Confined to one thread.
 *
 * <p>Every method throws a {@link LogException} if there is no answer, or it is not allowed.
 */
public interface LogReader extends AutoCloseable {
    /** Takes the records of a range, one after the other. */
    interface Receiver {
        /**
         * Takes a record, which is valid only during the call.
         *
         * @return whether more should come
         */
        boolean take(SourceRecord record);
    }

    /** The number of partitions of a topic, at least 1; 0 if there is no such topic. */
    int partitions(String topic);

    /**
     * The number of partitions of a topic that must be there.
     *
     * @param kind what it is called in words, such as "sink topic"
     * @throws LogException if there is no such topic
     */
    default int requirePartitions(String kind, String topic) {
        int count = partitions(topic);
        if (count == 0) {
            throw new LogException("The " + kind + " " + topic + " does not exist. Is it the right broker?");
        }
        return count;
    }

    /** What a partition holds, up to the last stable offset: the first offset whose transaction is not decided. */
    OffsetRange range(String topic, int partition);

    /** What a partition holds up to its present end. Waits until the transactions that are open now have ended. */
    OffsetRange settled(String topic, int partition);

    /**
     * The first offset of a record with this timestamp or a later one.
     *
     * @param time milliseconds since the epoch
     * @return the end of the {@link #range} if there is none
     */
    long offsetAt(String topic, int partition, long time);

    /**
     * Hands over all records of a range. Blocks until the end of the range is reached or the receiver has enough.
     *
     * @param range within what the partition holds
     * @return the offset up to which it was read
     */
    long read(String topic, int partition, OffsetRange range, Receiver receiver);

    /** Whether the broker removes records of a topic that have a later one with the same key, as far as it tells. */
    default boolean isCompacted(String topic) {
        return false;
    }

    /** What a group has committed for the partitions of a topic, once no transaction is pending on it. */
    SortedMap<Integer, CommittedOffset> committed(String group, String topic);

    @Override
    void close();
}
