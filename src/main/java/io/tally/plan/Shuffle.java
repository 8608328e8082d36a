package io.tally.plan;

import org.jspecify.annotations.Nullable;

/**
 * The shuffle that a stage writes to or reads from.
 *
 * @param topic its topic
 * @param partitions number of partitions to create it with; null for as many as the source has, or as the topic already
 *     has
 * @param source topic of the combine stage
 * @param sourceGroup consumer group of the combine stage
 */
public record Shuffle(String topic, @Nullable Integer partitions, String source, String sourceGroup) {}
