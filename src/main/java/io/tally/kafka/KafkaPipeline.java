package io.tally.kafka;

import io.tally.pipeline.PipelineSpec;

/**
 * A pipeline and its place in Kafka.
 *
 * @param spec what it computes
 * @param groupId its consumer group, whose committed offsets are its progress
 * @param instanceId stable identity of this process
 * @param lanes consumer threads of this instance, at least 1
 * @param createTopics whether missing late, dead-letter and state topics are created
 * @param startAtEnd where a pipeline without a committed offset begins: at the end of the source, or at its beginning
 */
public record KafkaPipeline(
        PipelineSpec spec,
        String groupId,
        String instanceId,
        int lanes,
        Topics topics,
        boolean createTopics,
        boolean startAtEnd) {

    String name() {
        return spec.name();
    }

    /** What all transactional ids of this pipeline begin with, whatever the instance. */
    String transactionalIdFamily() {
        return groupId + "-";
    }

    /** Stable across restarts of the same instance, so that a restart ends what its predecessor left open. */
    String transactionalId(int lane) {
        return transactionalIdFamily() + instanceId + "-" + lane;
    }

    /** Identity of a lane in the consumer group (static membership). */
    String groupInstanceId(int lane) {
        return instanceId + "-" + lane;
    }
}
