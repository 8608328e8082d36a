package io.tally.command.redrive;

import io.tally.checkpoint.CommitMetadata;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.SourcePart;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.window.WindowSpec;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far the pipeline had got when the command began. It may get further meanwhile. But a row that it could no longer
 * touch then, it cannot touch later.
 *
 * @param parts the partitions of the source
 * @param window of the pipeline
 */
record Reach(SortedMap<Integer, SourcePart> parts, WindowSpec window) {
    /**
     * Looks at what is committed.
     *
     * @throws LogException if there is nothing to look at
     * @throws io.tally.command.frame.UsageException if that was counted under another configuration
     */
    static Reach of(PipelineDefinition pipeline, LogReader log) {
        String source = pipeline.topics().source();
        SortedMap<Integer, CommittedOffset> committed = log.committed(pipeline.groupId(), source);
        if (committed.isEmpty()) {
            throw new LogException("The group " + pipeline.groupId() + " has committed nothing for " + source
                    + ", so there are no rows to correct. Is it the right broker and group?");
        }
        SortedMap<Integer, SourcePart> parts = new TreeMap<>();
        int count = log.partitions(source);
        for (int partition = 0; partition < count; partition++) {
            CommittedOffset offset = committed.get(partition);
            String where = source + "-" + partition;
            CommitMetadata metadata = offset == null ? null : metadata(pipeline, where, offset);
            OffsetRange held = log.range(source, partition);
            if (metadata != null) {
                Recountable.requireEnd(where, held, metadata);
            }
            parts.put(partition, new SourcePart(partition, held, metadata));
        }
        return new Reach(parts, pipeline.spec().window());
    }

    private static CommitMetadata metadata(PipelineDefinition pipeline, String where, CommittedOffset committed) {
        CommitMetadata metadata = Recountable.whole(where, committed);
        Recountable recountable = Redrivable.of(pipeline);
        if (!recountable.hasSameConfiguration(metadata)) {
            throw recountable.refused("what is committed for " + where + " was counted under another configuration of "
                    + Recountable.SETTINGS + " than this one. After a fix of it, start the"
                    + " pipeline with the new configuration first, and let it commit");
        }
        return metadata;
    }

    /** Whether the pipeline takes no more records for a window of a partition. */
    boolean isOver(int partition, long end) {
        return window.isGone(end, watermark(partition));
    }

    /** The watermark of a partition. */
    long watermark(int partition) {
        SourcePart part = parts.get(partition);
        CommitMetadata metadata = part == null ? null : part.committed();
        return metadata == null ? WindowEngine.NO_WATERMARK : metadata.watermark();
    }
}
