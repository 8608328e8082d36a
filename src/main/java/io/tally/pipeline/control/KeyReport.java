package io.tally.pipeline.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key.
 *
 * @param text why something is not known; null if all is
 * @param partitions the partitions of this instance that hold something of it
 * @param elsewhere who may have it, if this instance holds nothing of it
 * @param gone which rows of the key are not kept, and where they are; null if nothing was looked up
 */
public record KeyReport(
        Outcome outcome,
        @Nullable String text,
        List<PartitionKey> partitions,
        List<Elsewhere> elsewhere,
        @Nullable String gone) {
    public KeyReport {
        partitions = List.copyOf(partitions);
        elsewhere = List.copyOf(elsewhere);
    }

    /** The report of a key that was not looked up. */
    public KeyReport(Outcome outcome, @Nullable String text, List<PartitionKey> partitions, List<Elsewhere> elsewhere) {
        this(outcome, text, partitions, elsewhere, null);
    }
}
