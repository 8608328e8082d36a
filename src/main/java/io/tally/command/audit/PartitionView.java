package io.tally.command.audit;

import io.tally.checkpoint.CommitMetadata;
import io.tally.pipeline.log.OffsetRange;

/**
 * A source partition as far as the pipeline had got when the audit began.
 *
 * @param partition its number
 * @param range what is read of it, to the committed offset
 * @param isWhole whether that begins where the pipeline began, so that all totals can be compared
 * @param metadata what was committed
 */
record PartitionView(int partition, OffsetRange range, boolean isWhole, CommitMetadata metadata) {}
