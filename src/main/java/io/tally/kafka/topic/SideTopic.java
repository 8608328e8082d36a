package io.tally.kafka.topic;

/**
 * A topic for late records or dead letters.
 *
 * @param partitions number of its partitions; a record keeps its source partition's number where there is such a one
 * @param maxBytes the largest record that it and the producer take
 */
public record SideTopic(String name, int partitions, long maxBytes) {}
