package io.tally.pipeline.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a key.
 *
 * @param text why something is not known; null if all is
 * @param partitions the partitions of this instance that hold something of it
 * @param elsewhere who may have it, if this instance holds nothing of it
 */
public record KeyReport(
        Outcome outcome, @Nullable String text, List<PartitionKey> partitions, List<Elsewhere> elsewhere) {
    public KeyReport {
        partitions = List.copyOf(partitions);
        elsewhere = List.copyOf(elsewhere);
    }
}
