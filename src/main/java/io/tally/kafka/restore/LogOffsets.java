package io.tally.kafka.restore;

import io.tally.kafka.client.Futures;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
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
    record End(long offset, @Nullable Integer epoch) {
        private static End of(ListOffsetsResultInfo end) {
            return new End(end.offset(), end.leaderEpoch().orElse(null));
        }
    }

    /**
     * Where logs begin, and where they end by the high watermark.
     *
     * @param starts first offset that each still holds
     */
    record Ranges(Map<TopicPartition, Long> starts, Map<TopicPartition, End> ends) {
        long start(TopicPartition partition) {
            return Objects.requireNonNull(starts.get(partition));
        }

        End end(TopicPartition partition) {
            return Objects.requireNonNull(ends.get(partition));
        }
    }

    /**
     * Asks for many partitions at once.
     *
     * @throws KafkaException what the broker or client answered for one of them, or that it took longer than
     *     {@code patience}
     */
    Ranges ranges(Collection<TopicPartition> partitions, Duration patience) {
        ListOffsetsResult starts = list(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED, patience);
        ListOffsetsResult ends = list(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED, patience);
        Map<TopicPartition, Long> firsts = new HashMap<>();
        Futures.get(starts.all(), patience).forEach((partition, start) -> firsts.put(partition, start.offset()));
        Map<TopicPartition, End> lasts = new HashMap<>();
        Futures.get(ends.all(), patience).forEach((partition, end) -> lasts.put(partition, End.of(end)));
        return new Ranges(firsts, lasts);
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
        return End.of(end(partition, IsolationLevel.READ_UNCOMMITTED, Futures.PATIENCE));
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

    private ListOffsetsResultInfo end(TopicPartition partition, IsolationLevel isolation, Duration patience) {
        ListOffsetsResult result = list(List.of(partition), OffsetSpec.latest(), isolation, patience);
        return Futures.get(result.partitionResult(partition), patience);
    }

    private ListOffsetsResult list(
            Collection<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation, Duration patience) {
        Map<TopicPartition, OffsetSpec> specs = new HashMap<>();
        partitions.forEach(partition -> specs.put(partition, spec));
        return admin.get().listOffsets(specs, new ListOffsetsOptions(isolation).timeoutMs((int) patience.toMillis()));
    }
}
