package io.tally.kafka.lane;

import io.tally.pipeline.control.Outcome;
import io.tally.pipeline.control.PartitionKey;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a lane knows of a key.
 *
 * @param lane its number
 * @param text why it does not answer; null if it does
 * @param found what its partitions hold of the key
 * @param looked the partitions that it has looked at
 */
public record LaneKey(int lane, Outcome outcome, @Nullable String text, List<PartitionKey> found, Set<Integer> looked) {
    static LaneKey unanswered(int lane, Outcome outcome, String text) {
        return new LaneKey(lane, outcome, text, List.of(), Set.of());
    }
}
