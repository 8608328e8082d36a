package io.tally.pipeline.status;

import org.jspecify.annotations.Nullable;

/**
 * Records that a committed transaction did not count, of one reason.
 *
 * @param reason name of the reason of dead letters, or {@link #LATE}
 * @param remedy what a person can do about it, free of anything that records hold
 * @param count how many, at least 1
 * @param position topic-partition@offset of one of them
 * @param sample what that one holds; null unless somebody takes samples
 */
public record LostRecords(
        String reason,
        String remedy,
        long count,
        String position,
        @Nullable Sample sample) {
    /** The reason of records whose windows had closed. */
    public static final String LATE = "LATE";

    /**
     * What a record holds, made harmless and short.
     *
     * @param key null if it has none
     * @param value null if it has none
     * @param what what is wrong with it
     */
    public record Sample(@Nullable String key, @Nullable String value, String what) {}
}
