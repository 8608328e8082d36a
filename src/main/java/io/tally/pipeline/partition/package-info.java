/**
 * The life of one partition. A {@link io.tally.pipeline.partition.Restoration} rebuilds its memory, or refuses to. A
 * {@link io.tally.pipeline.partition.PartitionProcessor} then reads records, and says at the end of each batch what to
 * commit. Its stage depends on the pipeline: direct, or one of the two sides of a shuffle.
 */
@NullMarked
package io.tally.pipeline.partition;

import org.jspecify.annotations.NullMarked;
