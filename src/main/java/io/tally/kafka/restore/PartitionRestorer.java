package io.tally.kafka.restore;

import io.tally.checkpoint.CommitMetadata;
import io.tally.checkpoint.StateFormat;
import io.tally.kafka.client.Futures;
import io.tally.kafka.member.Cancellation;
import io.tally.kafka.restore.OffsetLookup.PartitionOffsets;
import io.tally.kafka.topic.TopicLayout;
import io.tally.kafka.transaction.RecordView;
import io.tally.pipeline.Committed;
import io.tally.pipeline.Divergence;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.RefusedException;
import io.tally.pipeline.ShuffleSide;
import io.tally.pipeline.SourcePartition;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.partition.PartitionProcessor;
import io.tally.pipeline.partition.Restoration;
import io.tally.pipeline.status.RestoreProgress;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.ShuffleRoute;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds partitions from what Kafka holds, with a consumer of its own: never through the listener, whose offsets
 * would move. Blocking; runs on the lane's restore thread.
 */
final class PartitionRestorer {
    private static final Logger log = LoggerFactory.getLogger(PartitionRestorer.class);
    private static final Duration POLL = Duration.ofMillis(200);
    /** If a restore gets nothing for that long, somebody's open transaction holds it up. */
    private static final Duration STALL = Duration.ofSeconds(1);
    /** Longer than any transaction can stay open: the transaction time-out plus the broker's scan interval. */
    private static final Duration GIVE_UP = Duration.ofSeconds(60);

    private final KafkaPipeline pipeline;
    private final PipelineSpec spec;
    private final TopicLayout layout;
    private final Supplier<Admin> admin;
    private final LogOffsets offsets;
    private final org.apache.kafka.clients.consumer.Consumer<ByteBuffer, ByteBuffer> consumer;
    private final PredecessorTransactions predecessors;
    private final String transactionalId;
    private final Cancellation cancellation;
    private final LogHistory history;
    private final OffsetLookup lookup;

    PartitionRestorer(
            KafkaPipeline pipeline,
            PipelineSpec spec,
            TopicLayout layout,
            Supplier<Admin> admin,
            org.apache.kafka.clients.consumer.Consumer<ByteBuffer, ByteBuffer> consumer,
            PredecessorTransactions predecessors,
            String transactionalId,
            Cancellation cancellation) {
        this.pipeline = pipeline;
        this.spec = spec;
        this.layout = layout;
        this.admin = admin;
        offsets = new LogOffsets(admin);
        this.consumer = consumer;
        this.predecessors = predecessors;
        this.transactionalId = transactionalId;
        this.cancellation = cancellation;
        history = new LogHistory(consumer, STALL, GIVE_UP);
        lookup = new OffsetLookup(
                consumer, offsets, pipeline.topics().state(), predecessors, cancellation, STALL, GIVE_UP);
    }

    /**
     * How a restore went.
     *
     * @param position where reading goes on, with the leader epoch if that is known
     */
    record Result(PartitionProcessor processor, OffsetAndMetadata position, long replayed) {}

    /**
     * Makes sure that no dead predecessor holds up the partitions. It looks at the last writer that the metadata of
     * each partition name. It reads the offsets without waiting for pending transactions, since these are what it ends.
     */
    void settlePredecessors(Collection<TopicPartition> partitions) {
        Set<String> writers = new HashSet<>();
        Map<TopicPartition, OffsetAndMetadata> offsets = Futures.get(
                admin.get().listConsumerGroupOffsets(pipeline.groupId()).partitionsToOffsetAndMetadata());
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata offset = offsets.get(partition);
            if (offset != null && CommitMetadata.isOurs(offset.metadata())) {
                try {
                    writers.add(CommitMetadata.parse(offset.metadata()).transactionalId());
                } catch (IllegalArgumentException e) {
                    log.debug("The restore proper refuses this metadata with an explanation", e);
                }
            }
        }
        writers.remove(transactionalId);
        if (!writers.isEmpty()) {
            predecessors.settle(writers, cancellation);
        }
    }

    /** Is told which partitions are to be restored soon, since Kafka answers for many as fast as for one. */
    void ahead(Collection<TopicPartition> partitions) {
        lookup.ahead(partitions);
    }

    /**
     * Rebuilds one partition.
     *
     * @param check throws if the outcome is not needed any more; called now and then
     * @param progress receives what is going on
     */
    Result restore(TopicPartition partition, Runnable check, Consumer<RestoreProgress> progress) {
        check.run();
        if (partition.partition() >= layout.sourcePartitions()) {
            throw new KafkaException(partition + " was added while the lanes ran with " + layout.sourcePartitions()
                    + " partitions; they start anew within seconds");
        }
        SourcePartition source = new SourcePartition(
                spec.name(),
                pipeline.groupId(),
                partition.topic(),
                layout.sourceId(),
                partition.partition(),
                layout.sourcePartitions(),
                layout.compactedSource(),
                pipeline.topics().state(),
                shuffleSide());
        progress.accept(new RestoreProgress("waiting for the committed offset"));
        PartitionOffsets found = lookup.of(partition, check);
        Restoration restoration = new Restoration(source, spec);
        try {
            return restore(restoration, partition, found, check, progress);
        } catch (RefusedException e) {
            restoration.abandon();
            requireSame(partition, found.committed(), check, e);
            throw e;
        } catch (Throwable e) {
            restoration.abandon();
            throw e;
        }
    }

    /**
     * A lane that was taken for dead hears of it only later. Until then it may read what its successor has written
     * since, which does not fit the offset that it has read before. Whatever is refused then is no proof of anything.
     */
    private void requireSame(
            TopicPartition partition, @Nullable OffsetAndMetadata before, Runnable check, RefusedException refused) {
        OffsetAndMetadata now = lookup.committed(partition, check);
        if (!Objects.equals(before, now)) {
            throw new KafkaException(
                    "somebody else has committed for " + partition + " while it was read (" + now + " after " + before
                            + "), so this lane may have lost it, and what was read does not belong together",
                    refused);
        }
    }

    private Result restore(
            Restoration restoration,
            TopicPartition partition,
            PartitionOffsets found,
            Runnable check,
            Consumer<RestoreProgress> progress) {
        readState(partition, found, restoration, check, progress);
        OffsetAndMetadata stable = found.committed();
        restoration.load(committed(partition, found, check));
        if (restoration.replayFrom() < restoration.replayTo()) {
            replay(partition, restoration, check, progress);
            restoration.checkReplayed(
                    stable == null ? null : history.of(partition, stable, offsets.end(partition), check));
        }
        check.run();
        PartitionProcessor processor = restoration.complete(transactionalId);
        OffsetAndMetadata position = stable == null ? new OffsetAndMetadata(processor.nextOffset()) : stable;
        return new Result(processor, position, restoration.replayTo() - restoration.replayFrom());
    }

    private @Nullable ShuffleSide shuffleSide() {
        ShuffleRoute shuffle = pipeline.shuffle();
        if (shuffle == null) {
            return null;
        }
        int partitions = pipeline.stage() == StageKind.COMBINE ? layout.sinkPartitions() : layout.sourcePartitions();
        return new ShuffleSide(pipeline.stage(), shuffle.topic(), partitions, shuffle.source(), shuffle.sourceGroup());
    }

    /**
     * Reads the state partition up to the high watermark. The last stable offset would not do: the markers of a
     * transaction reach partitions one by one, and another owner's open transaction can hide committed entries.
     *
     * <p>The source partition is assigned, too, but paused: so the client knows its leader when the replay begins, and
     * that of the next state partition after it.
     */
    private void readState(
            TopicPartition source,
            PartitionOffsets found,
            Restoration restoration,
            Runnable check,
            Consumer<RestoreProgress> progress) {
        if (found.stateStart() == found.stateEnd()) {
            return;
        }
        TopicPartition state = new TopicPartition(pipeline.topics().state(), source.partition());
        consumer.assign(List.of(state, source));
        consumer.pause(List.of(source));
        consumer.seek(source, found.start());
        consumer.seek(state, found.stateStart());
        readTo(
                state,
                found.stateEnd(),
                "reading the state topic",
                check,
                progress,
                record -> restoration.state(
                        record.offset(), RecordView.copyOrNull(record.key()), RecordView.copyOrNull(record.value())));
    }

    private void replay(
            TopicPartition source, Restoration restoration, Runnable check, Consumer<RestoreProgress> progress) {
        if (consumer.assignment().contains(source)) {
            consumer.pause(consumer.assignment());
            consumer.resume(List.of(source));
        } else {
            consumer.assign(List.of(source));
        }
        consumer.seek(source, restoration.replayFrom());
        RecordView view = new RecordView(layout.sourcePartitions());
        readTo(source, restoration.replayTo(), "replaying the source", check, progress, record -> {
            if (record.offset() < restoration.replayTo()) {
                restoration.replay(view.of(record));
            }
        });
    }

    private void readTo(
            TopicPartition partition,
            long end,
            String what,
            Runnable check,
            Consumer<RestoreProgress> progress,
            Consumer<ConsumerRecord<ByteBuffer, ByteBuffer>> action) {
        long moved = System.nanoTime();
        long began = moved;
        long position = consumer.position(partition);
        progress.accept(new RestoreProgress(what, position, end));
        while (position < end) {
            check.run();
            for (ConsumerRecord<ByteBuffer, ByteBuffer> record :
                    consumer.poll(POLL).records(partition)) {
                action.accept(record);
            }
            long now = System.nanoTime();
            long reached = consumer.position(partition);
            if (reached > position) {
                position = reached;
                moved = now;
                progress.accept(new RestoreProgress(what, reached, end));
            } else if (now - moved > GIVE_UP.toNanos()) {
                throw new TimeoutException(what + " stopped at offset " + position + " of " + end + " of " + partition
                        + " for " + GIVE_UP.toSeconds() + " s");
            } else if (now - Math.max(moved, began) > STALL.toNanos()) {
                began = now;
                if (isHeldUp(partition, end)) {
                    predecessors.settleUnknown(cancellation);
                }
            }
        }
    }

    /**
     * Whether an open transaction is what holds it up. While no broker answers that is the reason: then what was read
     * so far is of use once one does.
     */
    private boolean isHeldUp(TopicPartition partition, long end) {
        try {
            return offsets.lastStable(partition) < end;
        } catch (TimeoutException e) {
            log.debug("The end of {} is not known", partition, e);
            return false;
        }
    }

    private Committed committed(TopicPartition partition, PartitionOffsets found, Runnable check) {
        long start = found.start();
        LogOffsets.End end = found.end();
        OffsetAndMetadata stable = found.committed();
        if (stable != null) {
            Divergence divergence = history.of(partition, stable, end, check);
            return new Committed(true, stable.offset(), stable.metadata(), start, end.offset(), divergence);
        }
        boolean atEnd = pipeline.startAtEnd() && !wasAdded(partition, check);
        return new Committed(false, atEnd ? end.offset() : start, "", start, end.offset());
    }

    /**
     * Whether this partition was added to the source after the pipeline began, so that all its records are newer than
     * the pipeline. The birth marker of the first partition says how many there were.
     */
    private boolean wasAdded(TopicPartition partition, Runnable check) {
        if (pipeline.stage() != StageKind.COMBINE || partition.partition() == 0) {
            return false;
        }
        TopicPartition first = new TopicPartition(pipeline.topics().state(), 0);
        StateFormat format = new StateFormat();
        boolean[] added = {false};
        consumer.assign(List.of(first));
        consumer.seekToBeginning(List.of(first));
        readTo(first, offsets.highWatermark(first), "reading the first birth", check, text -> {}, record -> {
            byte[] key = RecordView.copyOrNull(record.key());
            byte[] value = RecordView.copyOrNull(record.value());
            if (key != null && value != null && format.kind(key) == StateFormat.Kind.BIRTH) {
                added[0] = format.readBirth(key, value).partitions() <= partition.partition();
            }
        });
        return added[0];
    }
}
