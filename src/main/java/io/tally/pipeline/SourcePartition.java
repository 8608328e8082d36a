package io.tally.pipeline;

/**
 * The source partition that some state belongs to, as recovery must find it again.
 *
 * @param pipeline name of the pipeline
 * @param groupId consumer group whose offsets are ours
 * @param topic source topic
 * @param topicId the broker's id of that topic, another one after the topic was deleted and created again
 * @param partition number of the partition
 * @param partitions number of the topic's partitions
 * @param compacted whether records of the topic may have vanished, so that nothing can be replayed from it
 * @param stateTopic topic that holds the state, partition by partition
 */
public record SourcePartition(
        String pipeline,
        String groupId,
        String topic,
        String topicId,
        int partition,
        int partitions,
        boolean compacted,
        String stateTopic) {
    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
