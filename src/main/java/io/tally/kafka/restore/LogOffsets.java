package io.tally.kafka.restore;

import io.tally.kafka.client.Futures;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where a partition's log begins and ends, as its leader says.
 *
 * <p>A log has two ends. Up to the last stable offset every transaction is decided, so a {@code read_committed}
 * consumer gets that far and takes it for the end. Records of open transactions, and everything after them, are between
 * that and the high watermark.
 */
public final class LogOffsets {
    private final Supplier<Admin> admin;

    public LogOffsets(Supplier<Admin> admin) {
        this.admin = admin;
    }

    /**
     * The end of a log.
     *
     * @param offset the offset after the last record
     * @param epoch the latest leader epoch; null if the broker does not tell
     */
    record End(long offset, @Nullable Integer epoch) {}

    /** @throws KafkaException what the broker or client answered, or a time-out */
    long start(TopicPartition partition) {
        return Futures.get(admin.get()
                        .listOffsets(
                                Map.of(partition, OffsetSpec.earliest()),
                                new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED))
                        .partitionResult(partition))
                .offset();
    }

    /** @throws KafkaException what the broker or client answered, or a time-out */
    long highWatermark(TopicPartition partition) {
        return end(partition).offset();
    }

    /**
     * The high watermark with the epoch.
     *
     * @throws KafkaException what the broker or client answered, or a time-out
     */
    End end(TopicPartition partition) {
        ListOffsetsResult.ListOffsetsResultInfo end = end(partition, IsolationLevel.READ_UNCOMMITTED, Futures.PATIENCE);
        return new End(end.offset(), end.leaderEpoch().orElse(null));
    }

    /**
     * Where the next record of the partition goes, whatever its transaction.
     *
     * @throws KafkaException what the broker or client answered, or that it took longer than {@code patience}
     */
    public long highWatermark(TopicPartition partition, Duration patience) {
        return end(partition, IsolationLevel.READ_UNCOMMITTED, patience).offset();
    }

    /** @throws KafkaException what the broker or client answered, or a time-out */
    long lastStable(TopicPartition partition) {
        return end(partition, IsolationLevel.READ_COMMITTED, Futures.PATIENCE).offset();
    }

    private ListOffsetsResult.ListOffsetsResultInfo end(
            TopicPartition partition, IsolationLevel isolation, Duration patience) {
        ListOffsetsOptions options = new ListOffsetsOptions(isolation).timeoutMs((int) patience.toMillis());
        return Futures.get(
                admin.get()
                        .listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                        .partitionResult(partition),
                patience);
    }
}
