package io.tally.pipeline.control;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Another instance that may have a key.
 *
 * @param instance its instance id; null if the group does not know it
 * @param host as the broker sees it; null if nobody has the partitions at the moment
 * @param partitions those of its partitions that the key may be in
 */
public record Elsewhere(@Nullable String instance, @Nullable String host, List<Integer> partitions) {
    public Elsewhere {
        partitions = List.copyOf(partitions);
    }
}
