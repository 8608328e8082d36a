package io.tally.pipeline;

/**
 * A stage's place in a shuffle.
 *
 * @param stage {@link StageKind#COMBINE} or {@link StageKind#MERGE}
 * @param shuffleTopic the topic between the stages
 * @param shufflePartitions its number of partitions
 * @param source topic of the combine stage
 * @param sourceGroup consumer group of the combine stage
 */
public record ShuffleSide(
        StageKind stage, String shuffleTopic, int shufflePartitions, String source, String sourceGroup) {}
