package io.tally.command.audit;

import io.tally.checkpoint.CommitMetadata;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.SecondReading;
import io.tally.pipeline.ShufflePartitioner;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.ShuffleDefinition;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * How far the pipeline had got when the audit began.
 *
 * @param partitions of the source
 * @param watermarks that close windows: of the source's partitions, or of the shuffle topic's
 * @param shuffle null if the pipeline has none
 * @param isMerged whether the merge of a shuffle has shown all that the combine stage has committed
 */
record Committed(
        SortedMap<Integer, PartitionView> partitions,
        SortedMap<Integer, Long> watermarks,
        @Nullable ShufflePartitioner shuffle,
        boolean isMerged) {
    /**
     * A source partition.
     *
     * @param partition its number
     * @param range what is read of it, to the committed offset
     * @param isWhole whether that begins where the pipeline began, so that all totals can be compared
     * @param metadata what was committed
     */
    record PartitionView(int partition, OffsetRange range, boolean isWhole, CommitMetadata metadata) {}

    /**
     * Looks at it.
     *
     * @param from the beginning of the range of event time; {@link Long#MIN_VALUE} if there is none
     * @param isLimited whether only a part of event time is compared
     * @throws UsageException if it was counted under another configuration
     * @throws LogException if what is needed is not there
     */
    static Committed look(PipelineDefinition pipeline, LogReader log, long from, boolean isLimited) {
        SortedMap<Integer, PartitionView> partitions = new TreeMap<>();
        SortedMap<Integer, Long> watermarks = new TreeMap<>();
        SortedMap<Integer, CommitMetadata> merges = new TreeMap<>();
        ShuffleDefinition shuffle = pipeline.shuffle();
        ShufflePartitioner partitioner = null;
        if (shuffle != null) {
            // Read before the source's offsets: what a merge has closed by now was in the source before, so these
            // offsets cover it.
            partitioner = new ShufflePartitioner(log.requirePartitions("topic", shuffle.topic()));
            log.committed(pipeline.groupId() + ShuffleDefinition.MERGE_SUFFIX, shuffle.topic())
                    .forEach((partition, committed) ->
                            merges.put(partition, settled(shuffle.topic(), partition, committed)));
            merges.values().forEach(Auditable.of(pipeline)::requireSameRows);
            merges.forEach((partition, metadata) -> watermarks.put(partition, metadata.watermark()));
        }
        String source = pipeline.topics().source();
        log.requirePartitions("topic", source);
        log.committed(pipeline.groupId(), source).forEach((partition, committed) -> {
            CommitMetadata metadata = settled(source, partition, committed);
            Auditable.of(pipeline).requireSameConfiguration(metadata);
            partitions.put(partition, view(pipeline, log, partition, metadata, from, isLimited));
            if (shuffle == null) {
                watermarks.put(partition, metadata.watermark());
            }
        });
        // Read after the source's offsets: what these cover is in the shuffle topic by now.
        boolean isMerged = shuffle != null && isMerged(shuffle.topic(), merges, log);
        if (partitions.isEmpty()) {
            throw new LogException("The group " + pipeline.groupId() + " has committed nothing for " + source
                    + ", so there is nothing to compare. Is it the right broker and group?");
        }
        return new Committed(partitions, watermarks, partitioner, isMerged);
    }

    private static boolean isMerged(String topic, SortedMap<Integer, CommitMetadata> merges, LogReader log) {
        int partitions = log.partitions(topic);
        for (int partition = 0; partition < partitions; partition++) {
            CommitMetadata metadata = merges.get(partition);
            OffsetRange range = log.range(topic, partition);
            boolean[] isMore = {metadata == null || metadata.recoveryOffset() < metadata.offset()};
            if (metadata != null && range.to() > metadata.offset()) {
                OffsetRange rest = new OffsetRange(metadata.offset(), range.to());
                log.read(topic, partition, rest, record -> {
                    isMore[0] = true;
                    return false;
                });
            }
            if (isMore[0]) {
                return false;
            }
        }
        return true;
    }

    private static CommitMetadata settled(String topic, int partition, CommittedOffset committed) {
        CommitMetadata metadata = Recountable.whole(topic + "-" + partition, committed);
        if (metadata.rowsLeft() > 0 || metadata.expired() != null) {
            throw new LogException("Rows of " + topic + "-" + partition
                    + " are leaving right now, in several transactions. Start the audit again in a few seconds");
        }
        return metadata;
    }

    private static PartitionView view(
            PipelineDefinition pipeline,
            LogReader log,
            int partition,
            CommitMetadata metadata,
            long from,
            boolean isLimited) {
        String source = pipeline.topics().source();
        OffsetRange held = log.range(source, partition);
        Recountable.requireEnd(source + "-" + partition, held, metadata);
        long begin = metadata.birthOffset();
        boolean dependsOnOthers = SecondReading.dependsOnOthers(pipeline.spec());
        if (from != Long.MIN_VALUE && !dependsOnOthers) {
            begin = Math.max(begin, Math.min(metadata.offset(), log.offsetAt(source, partition, from)));
        }
        if (held.from() > begin && (from == Long.MIN_VALUE || dependsOnOthers)) {
            throw new LogException(source + "-" + partition + " begins at offset " + held.from()
                    + ", but the pipeline began at " + begin
                    + ": what was between is deleted and cannot be counted again"
                    + (dependsOnOthers
                            ? ", and what later records say depends on it"
                            : ". Audit what is still there: --from=TIME, if no record before that has an"
                                    + " event time of TIME or later"));
        }
        long first = Math.min(Math.max(begin, held.from()), metadata.offset());
        return new PartitionView(
                partition,
                new OffsetRange(first, metadata.offset()),
                first == metadata.birthOffset() && !isLimited,
                metadata);
    }
}
