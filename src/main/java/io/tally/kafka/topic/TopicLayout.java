package io.tally.kafka.topic;

/**
 * What a pipeline's topics look like at the broker, as of the start of its lanes.
 *
 * @param sourceId the broker's id of the source topic
 * @param sourcePartitions number of partitions of the source, and of the state topic
 * @param sinkPartitions number of partitions of the topic that results go to
 * @param compactedSource whether records of the source vanish by compaction, or may do so for all we know
 */
public record TopicLayout(
        String sourceId,
        int sourcePartitions,
        int sinkPartitions,
        boolean compactedSource,
        SideTopic late,
        SideTopic deadLetter) {}
