package io.tally.kafka.restore;

import io.tally.pipeline.Divergence;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.LogTruncationException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Whether a partition's log still is the one in which an offset was committed. A log that has lost its end and was
 * written on since is as long as before. Leader epochs tell it: each record is written in one, each election begins a
 * new one, and a leader knows where in its log each of them ended (KIP-101, KIP-320). So the offset is committed
 * together with the epoch of the last record before it; if that epoch ends earlier now, records are gone.
 *
 * <p>What was lost and written again within one epoch shows nowhere.
 */
final class LogHistory {
    private final Consumer<ByteBuffer, ByteBuffer> consumer;
    private final Duration attempt;
    private final Duration giveUp;

    /**
     * Asks through a consumer, which has no other assignment afterwards.
     *
     * @param attempt how long to wait between two looks at whether the answer is still of use
     * @param giveUp how long to wait for the answer
     */
    LogHistory(Consumer<ByteBuffer, ByteBuffer> consumer, Duration attempt, Duration giveUp) {
        this.consumer = consumer;
        this.attempt = attempt;
        this.giveUp = giveUp;
    }

    /**
     * Looks for a proof that records before an offset are gone.
     *
     * @param committed the offset, and its epoch unless that is not known
     * @param end where the log ends, and its latest epoch unless that is not known
     * @param check throws when the answer is of no more use
     * @return null if there is none
     * @throws TimeoutException if no leader has answered
     */
    @Nullable
    Divergence of(TopicPartition partition, OffsetAndMetadata committed, LogOffsets.End end, Runnable check) {
        Integer epoch = committed.leaderEpoch().orElse(null);
        if (epoch == null) {
            return null;
        }
        Integer latest = end.epoch();
        if (latest != null && latest.equals(epoch) && end.offset() >= committed.offset()) {
            // There was no election since, and without one a log loses nothing.
            return null;
        }
        if (latest != null && latest < epoch) {
            // The client would wait for a leader of that epoch.
            return new Divergence(epoch, null);
        }
        consumer.assign(List.of(partition));
        // A client that does not know the leader yet takes a position as it is.
        consumer.beginningOffsets(List.of(partition));
        consumer.seek(partition, new OffsetAndMetadata(committed.offset(), committed.leaderEpoch(), ""));
        long deadline = System.nanoTime() + giveUp.toNanos();
        while (true) {
            check.run();
            try {
                consumer.position(partition, attempt);
                return null;
            } catch (LogTruncationException e) {
                OffsetAndMetadata divergent = e.divergentOffsets().get(partition);
                return new Divergence(epoch, divergent == null ? null : divergent.offset());
            } catch (TimeoutException e) {
                if (System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
        }
    }
}
