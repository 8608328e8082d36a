package io.tally.pipeline;

import io.tally.checkpoint.CommitMetadata;

/**
 * What a transaction commits for one source partition beside its records.
 *
 * @param offset the next offset to read
 * @param metadata what a recovery needs at that offset
 */
public record CommitPoint(long offset, CommitMetadata metadata) {}
