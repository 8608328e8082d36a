package io.tally.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * What is committed for a source partition, and what the source still holds, as the broker says.
 *
 * @param present whether there is a committed offset at all
 * @param offset the committed offset; where a new pipeline would start if there is none
 * @param metadata the metadata committed with it, "" if none
 * @param logStart first offset that the source still holds
 * @param logEnd the source's end (high watermark)
 * @param divergence the proof by leader epochs that the source has lost records before the offset; null if there is
 *     none
 */
public record Committed(
        boolean present,
        long offset,
        String metadata,
        long logStart,
        long logEnd,
        @Nullable Divergence divergence) {

    /** What is committed, without a proof of lost records. */
    public Committed(boolean present, long offset, String metadata, long logStart, long logEnd) {
        this(present, offset, metadata, logStart, logEnd, null);
    }
}
