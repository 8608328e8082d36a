package io.tally.kafka.restore;

import io.tally.kafka.client.Permissions;
import io.tally.kafka.member.Cancellation;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.OwnedPartition;
import io.tally.kafka.member.RestoreCancelledException;
import io.tally.kafka.member.Restored;
import io.tally.kafka.topic.AdminSource;
import io.tally.kafka.topic.TopicLayout;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.pipeline.CommitPoint;
import io.tally.pipeline.Loss;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.plan.KafkaPipeline;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's thread for restores, so that a long one neither breaks the consumer's poll deadline nor holds up the lane's
 * other partitions. A failed restore is tried again until it works or is not needed any more. Only a refusal is final.
 */
public final class RestoreWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RestoreWorker.class);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);

    private final KafkaPipeline pipeline;
    private final PipelineSpec spec;
    private final TopicLayout layout;
    private final int lane;
    private final AdminSource admin;
    private final Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers;
    private final LaneTransactions transactions;
    private final PipelineEvents events;
    private final LaneHealth health;
    private final TwinWatch twin;
    private final PredecessorTransactions predecessors;
    private final ExecutorService thread;
    /** The partition that is being restored; null before the first. Only used on the restore thread. */
    private @Nullable OwnedPartition current;

    private final AtomicBoolean fenced = new AtomicBoolean();
    private final AtomicBoolean unsettled = new AtomicBoolean(true);
    private volatile @Nullable Error fatal;
    /** When a failed attempt was last logged. Only used on the restore thread. */
    private long lastLogged = System.nanoTime() - LOG_INTERVAL.toNanos();

    public RestoreWorker(
            KafkaPipeline pipeline,
            PipelineSpec spec,
            TopicLayout layout,
            int lane,
            AdminSource admin,
            Supplier<Consumer<ByteBuffer, ByteBuffer>> consumers,
            LaneTransactions transactions,
            PipelineEvents events,
            LaneHealth health) {
        this.pipeline = pipeline;
        this.spec = spec;
        this.layout = layout;
        this.lane = lane;
        this.admin = admin;
        this.consumers = consumers;
        this.transactions = transactions;
        this.events = events;
        this.health = health;
        twin = new TwinWatch(admin, pipeline.transactionalId(lane), transactions.timeout());
        Duration fencingTimeout = TwinWatch.fencingTimeout(transactions.timeout());
        predecessors = new PredecessorTransactions(admin, pipeline, fencingTimeout, id -> {
            health.predecessorFenced();
            events.predecessorFenced(pipeline.name(), lane, id);
        });
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread restore = new Thread(work, "tally-" + pipeline.name() + "-" + lane + "-restore");
            restore.setDaemon(true);
            return restore;
        });
    }

    /**
     * Notes that the outcome of the lane's last transaction is unknown. The next restore settles it first.
     *
     * @param byFencing whether somebody has fenced it
     */
    public void unsettled(boolean byFencing) {
        if (byFencing) {
            fenced.set(true);
        }
        unsettled.set(true);
    }

    /**
     * Restores the partitions one after the other and offers each its outcome. The result is also cancelled once all
     * are done.
     */
    public Cancellation submit(List<OwnedPartition> partitions, Duration delay) {
        Cancellation cancellation = new Cancellation();
        enqueue(new ArrayList<>(partitions), delay, cancellation);
        return cancellation;
    }

    /** Queues one attempt. Partitions that it could not restore go to the end of the queue. */
    private void enqueue(List<OwnedPartition> remaining, Duration delay, Cancellation cancellation) {
        thread.execute(() -> {
            try {
                run(remaining, delay, cancellation);
            } catch (Error e) {
                fatal = e;
            }
        });
    }

    /**
     * Throws an error that no retry can heal, such as a lack of memory, on the lane's thread, where it visibly ends the
     * lane.
     */
    public void throwFatal() {
        Error error = fatal;
        if (error != null) {
            throw error;
        }
    }

    private void run(List<OwnedPartition> remaining, Duration delay, Cancellation cancellation) {
        try {
            cancellation.pause(delay);
            attempt(remaining, cancellation);
            cancellation.cancel();
        } catch (RestoreCancelledException e) {
            log.debug("A restore is of no more use");
        } catch (RuntimeException e) {
            if (!cancellation.isCancelled()) {
                List<OwnedPartition> concerned = current == null ? List.copyOf(remaining) : List.of(current);
                report(e, concerned);
                remaining.removeAll(refused(e, concerned, cancellation));
                if (remaining.isEmpty()) {
                    cancellation.cancel();
                    return;
                }
                // Other partitions need not wait for one that cannot be restored.
                Collections.rotate(remaining, -1);
                Duration longer = delay.multipliedBy(2).plusMillis(100);
                enqueue(remaining, longer.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : longer, cancellation);
            }
        }
    }

    /** Refuses partitions that have waited long enough for missing access. */
    private static List<OwnedPartition> refused(
            RuntimeException e, List<OwnedPartition> concerned, Cancellation cancellation) {
        List<OwnedPartition> refused = new ArrayList<>();
        for (OwnedPartition partition : concerned) {
            if (partition.reads().isOver(e)) {
                refused.add(partition);
                partition.offer(new Restored(
                        cancellation,
                        partition.reads().refusal("The state of " + partition.id() + " cannot be restored", e),
                        null));
            }
        }
        return refused;
    }

    private void attempt(List<OwnedPartition> remaining, Cancellation cancellation) {
        current = null;
        if (fenced.getAndSet(false) && twin.isAtWork()) {
            health.fencedByTwin();
        }
        if (health.isFencedForGood()) {
            // One of the two twins must give in. The lane ends with its next poll.
            throw new RestoreCancelledException();
        }
        settle();
        String transactionalId = pipeline.transactionalId(lane);
        try (Consumer<ByteBuffer, ByteBuffer> consumer = consumers.get()) {
            PartitionRestorer restorer = new PartitionRestorer(
                    pipeline, spec, layout, admin, consumer, predecessors, transactionalId, cancellation);
            restorer.settlePredecessors(
                    remaining.stream().map(OwnedPartition::id).toList());
            while (!remaining.isEmpty()) {
                restorer.ahead(remaining.stream()
                        .filter(partition -> !partition.isReleased())
                        .map(OwnedPartition::id)
                        .toList());
                current = remaining.get(0);
                if (!current.isReleased()) {
                    restore(current, restorer, cancellation);
                }
                remaining.remove(0);
            }
        }
    }

    private void settle() {
        if (unsettled.getAndSet(false)) {
            boolean settled = false;
            try {
                transactions.settle();
                settled = true;
            } finally {
                if (!settled) {
                    unsettled.set(true);
                }
            }
        }
    }

    private void restore(OwnedPartition partition, PartitionRestorer restorer, Cancellation cancellation) {
        long began = System.nanoTime();
        Runnable check = () -> {
            cancellation.check();
            if (partition.isReleased()) {
                throw new RestoreCancelledException();
            }
        };
        try {
            PartitionRestorer.Result result = restorer.restore(partition.id(), check, partition::progress);
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            long entries = result.processor().openEntries();
            log.info(
                    "Pipeline {}: restored {} at offset {} in {} ms ({} open entries, {} records replayed)",
                    pipeline.name(),
                    partition.id(),
                    result.processor().nextOffset(),
                    took.toMillis(),
                    entries,
                    result.replayed());
            events.restored(pipeline.name(), partition.number(), took, entries, result.replayed());
            partition.reads().granted();
            partition.offer(new Restored(cancellation, result.processor(), result.position()));
        } catch (RefusedException e) {
            partition.offer(new Restored(cancellation, e.refusal(), note(e.loss())));
        } catch (RestoreCancelledException e) {
            // Not needed any more, for this partition or for all.
            cancellation.check();
        }
    }

    private @Nullable CommitPoint note(@Nullable Loss loss) {
        return loss == null ? null : loss.note(pipeline.transactionalId(lane));
    }

    private void report(RuntimeException e, List<OwnedPartition> remaining) {
        String problem = "its restore failed and is tried again: " + Permissions.describe(pipeline, e);
        remaining.forEach(partition -> partition.problem(problem));
        long now = System.nanoTime();
        if (now - lastLogged >= LOG_INTERVAL.toNanos()) {
            lastLogged = now;
            log.warn(
                    "Pipeline {}, lane {}, {}: {}",
                    pipeline.name(),
                    lane,
                    remaining.stream().map(OwnedPartition::id).toList(),
                    problem);
            log.debug("Cause", e);
        }
    }

    @Override
    public void close() {
        // The restores were cancelled and notice that within a poll. Only a blocking initialisation takes longer.
        thread.shutdown();
        try {
            if (!thread.awaitTermination(5, TimeUnit.SECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
