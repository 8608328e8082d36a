package io.tally.command.recount;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.log.OffsetRange;
import org.jspecify.annotations.Nullable;

/**
 * A partition of the source.
 *
 * @param held what it holds
 * @param committed how far the pipeline has got; null if it has not begun
 */
public record SourcePart(
        int partition, OffsetRange held, @Nullable CommitMetadata committed) {
    /** Where the pipeline began, or begins, within what is held. */
    public long begin() {
        return committed == null ? held.from() : Math.max(held.from(), Math.min(held.to(), committed.birthOffset()));
    }

    /** The first offset that it has not read. */
    public long next() {
        return committed == null ? held.from() : committed.offset();
    }

    /** Whether records that the pipeline has read are deleted. */
    public boolean isCut() {
        return committed != null && held.from() > committed.birthOffset();
    }
}
