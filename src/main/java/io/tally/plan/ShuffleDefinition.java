package io.tally.plan;

import io.tally.pipeline.StageKind;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline's shuffle with all defaults resolved.
 *
 * @param topic the shuffle topic
 * @param partitions number of partitions it is created with; null for as many as the source has
 * @param stages the stages that this process runs
 * @param mergeLanes consumer threads of the merge stage; null for as many as the combine stage has, or fewer if there
 *     are fewer partitions
 */
public record ShuffleDefinition(
        String topic,
        @Nullable Integer partitions,
        Set<StageKind> stages,
        @Nullable Integer mergeLanes) {
    /** What the merge stage's consumer group and state topic have at the end of their names. */
    public static final String MERGE_SUFFIX = "-merge";
}
