package io.tally.kafka.topic;

/**
 * What a pipeline's topics looked like at the broker when its lanes started.
 *
 * @param sourceId the broker's id of the source topic
 * @param sourcePartitions number of partitions of the source, and of the state topic
 * @param sinkPartitions number of partitions of the topic that rows go to
 * @param compactedSource whether compaction removes records of the source, or may do so because its configuration
 *     cannot be read
 * @param appendTime whether timestamps of the source are the broker's, as far as known
 */
public record TopicLayout(
        String sourceId,
        int sourcePartitions,
        int sinkPartitions,
        boolean compactedSource,
        boolean appendTime,
        SideTopic late,
        SideTopic deadLetter) {}
