package io.tally.pipeline.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one lane answers.
 *
 * @param lane its number, from 0
 * @param text why it has not done what was asked; null if it has
 * @param partitions those that the lane has, by number; empty if it did not answer
 */
public record LaneReport(
        int lane, Outcome outcome, @Nullable String text, List<PartitionReport> partitions) {
    public LaneReport {
        partitions = List.copyOf(partitions);
    }
}
