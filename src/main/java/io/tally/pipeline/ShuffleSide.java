package io.tally.pipeline;

/**
 * The side of a shuffle that a partition is on: where partials are made, or where they are merged.
 *
 * @param stage {@link StageKind#COMBINE} or {@link StageKind#MERGE}
 * @param shuffleTopic the topic between the stages
 * @param shufflePartitions its number of partitions
 * @param source topic of the combine stage
 * @param sourceGroup consumer group of the combine stage
 */
public record ShuffleSide(
        StageKind stage, String shuffleTopic, int shufflePartitions, String source, String sourceGroup) {}
