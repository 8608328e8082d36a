package io.tally.kafka;

import io.tally.pipeline.PipelineEvents;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lane's thread for restores, so that a long one neither breaks the consumer's poll deadline nor holds up the lane's
 * other partitions. Whatever goes wrong is tried again until it works or is of no more use; only a refusal is final.
 */
final class RestoreWorker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RestoreWorker.class);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);
    private static final Duration LOG_INTERVAL = Duration.ofSeconds(30);

    /** A partition to restore, and where its outcome goes. */
    private record Task(OwnedPartition partition, java.util.function.Consumer<OwnedPartition.Restored> outcome) {
        TopicPartition id() {
            return partition.id();
        }
    }

    private final KafkaPipeline pipeline;
    private final PipelineSpec spec;
    private final TopicLayout layout;
    private final int lane;
    private final Admin admin;
    private final Supplier<Consumer<byte[], byte[]>> consumers;
    private final LaneTransactions transactions;
    private final LaneHealth health;
    private final PipelineEvents events;
    private final ExecutorService thread;
    private final AtomicBoolean unsettled = new AtomicBoolean(true);
    /** When a failed attempt was last logged; only on the restore thread. */
    private long lastLogged = System.nanoTime() - LOG_INTERVAL.toNanos();

    RestoreWorker(
            KafkaPipeline pipeline,
            PipelineSpec spec,
            TopicLayout layout,
            int lane,
            Admin admin,
            Supplier<Consumer<byte[], byte[]>> consumers,
            LaneTransactions transactions,
            LaneHealth health,
            PipelineEvents events) {
        this.pipeline = pipeline;
        this.spec = spec;
        this.layout = layout;
        this.lane = lane;
        this.admin = admin;
        this.consumers = consumers;
        this.transactions = transactions;
        this.health = health;
        this.events = events;
        thread = Executors.newSingleThreadExecutor(work -> {
            Thread restore = new Thread(work, "tally-" + pipeline.name() + "-" + lane + "-restore");
            restore.setDaemon(true);
            return restore;
        });
    }

    /** The outcome of the lane's last transaction is unknown: the next restore settles it first. */
    void unsettled() {
        unsettled.set(true);
    }

    /** Restores the partitions one after the other and offers each its outcome; cancelled also once it is through. */
    Cancellation submit(List<OwnedPartition> partitions, Duration delay) {
        Cancellation cancellation = new Cancellation();
        List<Task> tasks = new ArrayList<>();
        partitions.forEach(partition -> tasks.add(new Task(partition, partition.handover())));
        thread.execute(() -> {
            run(tasks, delay, cancellation);
            cancellation.cancel();
        });
        return cancellation;
    }

    private void run(List<Task> remaining, Duration delay, Cancellation cancellation) {
        Duration wait = delay;
        while (!remaining.isEmpty()) {
            try {
                cancellation.pause(wait);
                attempt(remaining, cancellation);
            } catch (RestoreCancelledException e) {
                return;
            } catch (RuntimeException e) {
                if (cancellation.isCancelled()) {
                    return;
                }
                wait = wait.multipliedBy(2).plusMillis(100);
                wait = wait.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : wait;
                report(e, remaining);
            }
        }
    }

    private void attempt(List<Task> remaining, Cancellation cancellation) {
        if (unsettled.get()) {
            transactions.settle();
            unsettled.set(false);
        }
        String transactionalId = pipeline.transactionalId(lane);
        PredecessorTransactions predecessors = new PredecessorTransactions(admin, pipeline, id -> {
            health.predecessorFenced();
            events.predecessorFenced(pipeline.name(), lane, id);
        });
        try (Consumer<byte[], byte[]> consumer = consumers.get()) {
            PartitionRestorer restorer = new PartitionRestorer(
                    pipeline, spec, layout, admin, consumer, predecessors, transactionalId, cancellation);
            restorer.settlePredecessors(remaining.stream().map(Task::id).toList());
            while (!remaining.isEmpty()) {
                if (!remaining.get(0).partition().isReleased()) {
                    restore(remaining.get(0), restorer);
                }
                remaining.remove(0);
            }
        }
        health.restored();
    }

    private void restore(Task task, PartitionRestorer restorer) {
        OwnedPartition partition = task.partition();
        long began = System.nanoTime();
        try {
            PartitionRestorer.Result result = restorer.restore(partition.id(), partition::progress);
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
            task.outcome().accept(new OwnedPartition.Restored(result.processor(), null));
        } catch (RefusedException e) {
            task.outcome().accept(new OwnedPartition.Restored(null, e.refusal()));
        }
    }

    private void report(RuntimeException e, List<Task> remaining) {
        String problem = "the restore of " + remaining.stream().map(Task::id).toList() + " failed and is tried again: "
                + LaneHealth.describe(e);
        health.problem(problem);
        long now = System.nanoTime();
        if (now - lastLogged >= LOG_INTERVAL.toNanos()) {
            lastLogged = now;
            log.warn("Pipeline {}, lane {}: {}", pipeline.name(), lane, problem);
            log.debug("Cause", e);
        }
    }

    @Override
    public void close() {
        // The restores were cancelled, which they notice within a poll; only a blocking initialisation takes longer.
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
