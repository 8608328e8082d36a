package io.tally.kafka.lane;

import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.restore.Restores;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.springframework.kafka.listener.ConsumerAwareRebalanceListener;

/** Partitions join and leave the lane, in its polls. Confined to the consumer thread. */
final class Membership implements ConsumerAwareRebalanceListener {
    private final LanePartitions partitions;
    private final Restores restores;
    private final BatchTransactions batches;
    private final OwnTransactions own;
    private final LaneEnd end;
    /** An error in a rebalance, which ends the lane as one elsewhere does. */
    private @Nullable Error fatal;

    Membership(
            LanePartitions partitions, Restores restores, BatchTransactions batches, OwnTransactions own, LaneEnd end) {
        this.partitions = partitions;
        this.restores = restores;
        this.batches = batches;
        this.own = own;
        this.end = end;
    }

    @Override
    public void onPartitionsAssigned(Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        List<OwnedPartition> fresh = assigned.stream().map(partitions::add).toList();
        try {
            restores.begin(consumer, fresh);
        } catch (Error e) {
            fatal = e;
        }
    }

    @Override
    public void onPartitionsRevokedBeforeCommit(Consumer<?, ?> consumer, Collection<TopicPartition> revoked) {
        List<OwnedPartition> leaving = partitions.of(revoked);
        try {
            if (!leaving.isEmpty()) {
                batches.commitEarly(consumer);
            }
            drain(consumer, leaving);
        } catch (Error e) {
            // Not from here: the rebalance would be left half done, and some clients do not let it through.
            fatal = e;
        }
        leaving.forEach(partitions::release);
    }

    @Override
    public void onPartitionsLost(Consumer<?, ?> consumer, Collection<TopicPartition> lost) {
        partitions.of(lost).forEach(partitions::release);
    }

    /** Throws the error of a rebalance, if there was one. */
    void throwFatal() {
        if (fatal != null) {
            throw fatal;
        }
    }

    /** Makes up for a rebalance of which the lane was not told, or not to the end. */
    void reconcile(Set<TopicPartition> assigned) {
        for (OwnedPartition partition : partitions.all()) {
            if (!assigned.contains(partition.id())) {
                partitions.release(partition);
            }
        }
        for (TopicPartition id : assigned) {
            if (partitions.get(id) == null) {
                partitions.add(id);
            }
        }
    }

    /** The lane closes, and all its partitions leave. */
    void drainAll(Consumer<?, ?> consumer) {
        drain(consumer, List.copyOf(partitions.all()));
    }

    private void drain(Consumer<?, ?> consumer, Collection<OwnedPartition> leaving) {
        if (!end.isReached()) {
            own.drain(consumer, leaving);
        }
    }
}
