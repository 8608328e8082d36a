package io.tally.pipeline;

import io.tally.checkpoint.CommitMetadata;

/**
 * A source has lost records that were counted. This is noted with the committed offset, so that the refusal is
 * permanent. Otherwise it would go away with its proof: when the source grows, or retention removes its beginning.
 *
 * @param committed what was committed when the loss was found
 * @param from the first offset that is known to be lost, or one before it
 */
public record Loss(CommitMetadata committed, long from) {
    /**
     * The note to commit.
     *
     * @param writer transactional id
     */
    public CommitPoint note(String writer) {
        return new CommitPoint(committed.offset(), committed.lost(from, writer));
    }
}
