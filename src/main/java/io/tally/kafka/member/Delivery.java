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
 * Decides which polled records reach the lane's partitions: only those of active partitions, none of a partition whose
 * rows have to leave first, and none while the pipeline is paused. Confined to the consumer thread.
 */
public final class Delivery {
    private final LanePartitions partitions;
    private final Pause pause;

    /** @param pause whether an operator has paused the pipeline */
    public Delivery(LanePartitions partitions, Pause pause) {
        this.partitions = partitions;
        this.pause = pause;
    }

    /**
     * Stops delivery to partitions whose rows have to leave first; they get the records that they could not take again.
     * Stops delivery to all partitions while the pipeline is paused. Lets the others go on.
     */
    public void hold(Consumer<?, ?> consumer) {
        boolean paused = pause.isOn();
        for (OwnedPartition partition : partitions.all()) {
            boolean behind = partition.isBehind();
            boolean held = behind || (paused && partition.isActive());
            if (held && !partition.isPaused()) {
                consumer.pause(List.of(partition.id()));
                if (behind) {
                    consumer.seek(partition.id(), partition.processor().nextOffset());
                }
                partition.paused(true);
            } else if (!held && partition.isPaused()) {
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
