package io.tally.pipeline;

import io.tally.checkpoint.CommitMetadata;

/**
 * A source has lost records that were counted. It is noted with the committed offset, so that the refusal stays: a
 * source that has grown, or whose beginning retention has removed, proves nothing any more.
 *
 * @param committed what was committed when it was found
 * @param from the first offset that is known to be lost, or one before it
 */
public record Loss(CommitMetadata committed, long from) {
    /**
     * What is to be committed.
     *
     * @param writer transactional id
     */
    public CommitPoint note(String writer) {
        return new CommitPoint(committed.offset(), committed.lost(from, writer));
    }
}
