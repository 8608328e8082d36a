package io.tally.kafka.topic;

/**
 * A topic for late records or dead letters.
 *
 * @param partitions number of its partitions; a record keeps the number of its source partition if the topic has that
 *     partition
 * @param maxBytes the largest record that both the topic and the producer accept
 */
public record SideTopic(String name, int partitions, long maxBytes) {}
