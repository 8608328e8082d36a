package io.tally.kafka.member;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Which of the records that a lane polls reach its partitions: those of active ones, and none of a partition whose rows
 * have to leave first. Confined to the consumer thread.
 */
public final class Delivery {
    private final LanePartitions partitions;

    public Delivery(LanePartitions partitions) {
        this.partitions = partitions;
    }

    /**
     * Has no records delivered of partitions whose rows have to leave first, and what was delivered delivered again;
     * has those go on that are done.
     */
    public void holdBehind(Consumer<?, ?> consumer) {
        for (OwnedPartition partition : partitions.all()) {
            boolean behind = partition.isBehind();
            if (behind && !partition.isPaused()) {
                consumer.pause(List.of(partition.id()));
                consumer.seek(partition.id(), partition.processor().nextOffset());
                partition.paused(true);
            } else if (!behind && partition.isPaused()) {
                consumer.resume(List.of(partition.id()));
                partition.paused(false);
            }
        }
    }

    /**
     * The records of active partitions; those of others are read again once they are active. Where a poll went on
     * without a record the partition notes how far.
     */
    public ConsumerRecords<ByteBuffer, ByteBuffer> onlyActive(ConsumerRecords<ByteBuffer, ByteBuffer> records) {
        records.nextOffsets().forEach((id, next) -> {
            OwnedPartition partition = partitions.get(id);
            if (partition != null && partition.isActive() && records.records(id).isEmpty()) {
                partition.reached(next);
                partition.processor().skipTo(next.offset());
            }
        });
        boolean all = true;
        for (TopicPartition id : records.partitions()) {
            all &= isActive(id);
        }
        if (all) {
            return records;
        }
        Map<TopicPartition, List<ConsumerRecord<ByteBuffer, ByteBuffer>>> active = new HashMap<>();
        Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>(records.nextOffsets());
        for (TopicPartition id : records.partitions()) {
            if (isActive(id)) {
                active.put(id, records.records(id));
            } else {
                next.remove(id);
            }
        }
        return new ConsumerRecords<>(active, next);
    }

    private boolean isActive(TopicPartition id) {
        OwnedPartition partition = partitions.get(id);
        return partition != null && partition.isActive();
    }
}
