package io.tally.kafka.restore;

import io.tally.kafka.member.Cancellation;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.member.Restored;
import io.tally.kafka.transaction.Outboxes;
import io.tally.pipeline.partition.PartitionProcessor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/**
 * The restores of a lane's partitions, seen from its consumer thread: makes the {@link RestoreWorker} begin them, and
 * puts their outcome to work.
 *
 * <p><em>No record reaches a partition that is not restored.</em> A partition is paused until its restore is done, and
 * sought to its committed offset when it becomes active. Confined to the consumer thread.
 */
public final class Restores {
    private final RestoreWorker worker;
    private final LanePartitions partitions;
    private final Outboxes outboxes;
    private final LaneHealth health;
    private final List<Cancellation> running = new ArrayList<>();

    public Restores(RestoreWorker worker, LanePartitions partitions, Outboxes outboxes, LaneHealth health) {
        this.worker = worker;
        this.partitions = partitions;
        this.outboxes = outboxes;
        this.health = health;
    }

    /** The first steps for partitions that have joined; if they fail they are taken again before the next poll. */
    public void begin(Consumer<?, ?> consumer, List<OwnedPartition> fresh) {
        List<TopicPartition> ids = fresh.stream().map(OwnedPartition::id).toList();
        consumer.pause(ids);
        // Any position keeps the client from looking up one of its own; the restore sets the right one.
        ids.forEach(id -> consumer.seek(id, 0));
        if (!fresh.isEmpty()) {
            submit(fresh);
        }
    }

    /** Rebuilds partitions whose memory was dropped, except refused ones. */
    public void rebuild(Consumer<?, ?> consumer, Collection<OwnedPartition> affected) {
        List<OwnedPartition> wanted =
                affected.stream().filter(OwnedPartition::isToRestore).toList();
        consumer.pause(affected.stream().map(OwnedPartition::id).toList());
        if (!wanted.isEmpty()) {
            submit(wanted);
        }
    }

    /**
     * Settles the last transaction, whose outcome is unknown, then rebuilds all partitions.
     *
     * @param byFencing whether somebody has fenced it
     */
    public void rebuildAll(Consumer<?, ?> consumer, boolean byFencing) {
        worker.unsettled(byFencing);
        cancel();
        running.clear();
        rebuild(consumer, List.copyOf(partitions.all()));
    }

    private void submit(List<OwnedPartition> wanted) {
        running.removeIf(Cancellation::isCancelled);
        Cancellation attempt = worker.submit(wanted, health.backoff());
        wanted.forEach(partition -> partition.await(attempt));
        running.add(attempt);
    }

    /**
     * Lets those partitions work whose restore is done, and begins restores that nobody has begun.
     *
     * @return whether something should be committed before the next record is delivered: a birth, since its offset must
     *     not change any more, or the note of a refusal
     */
    public boolean adopt(Consumer<?, ?> consumer) {
        List<OwnedPartition> forgotten = partitions.forgotten();
        if (!forgotten.isEmpty()) {
            begin(consumer, forgotten);
        }
        boolean urgent = false;
        for (OwnedPartition partition : partitions.all()) {
            Restored outcome = partition.takeRestored();
            if (outcome == null) {
                continue;
            }
            PartitionProcessor processor = outcome.processor();
            if (processor != null) {
                // Active only once both are done: if one fails it is forgotten, and restored again.
                consumer.seek(partition.id(), outcome.position());
                consumer.resume(List.of(partition.id()));
                partition.activate(processor, outcome.position(), outboxes.open(partition.number()));
                partitions.activated(partition);
                urgent |= !processor.isBorn();
            } else if (outcome.refusal() != null) {
                partitions.refuse(partition, outcome.refusal());
                if (outcome.note() != null) {
                    partition.note(outcome.note());
                    urgent = true;
                }
            }
        }
        return urgent;
    }

    /** Throws what a restore failed with for good, if one did. */
    public void throwFatal() {
        worker.throwFatal();
    }

    public void cancel() {
        running.forEach(Cancellation::cancel);
    }

    public void close() {
        worker.close();
    }
}
