package io.tally.plan;

import org.jspecify.annotations.Nullable;

/**
 * The path of records through a shuffle, as each of its stages must know it: from the source, over the shuffle topic,
 * to the merge.
 *
 * @param topic the shuffle topic
 * @param partitions number of partitions that the topic is created with; null for as many as the source has
 * @param source topic of the combine stage
 * @param sourceGroup consumer group of the combine stage
 */
public record ShuffleRoute(String topic, @Nullable Integer partitions, String source, String sourceGroup) {}
