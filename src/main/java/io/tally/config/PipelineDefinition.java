package io.tally.config;

import io.tally.kafka.KafkaPipeline;
import io.tally.kafka.Topics;
import io.tally.pipeline.PipelineSpec;

/**
 * An enabled pipeline with all defaults resolved, free of this process's identity.
 *
 * @param spec what it computes
 * @param groupId its consumer group
 * @param lanes consumer threads of this instance
 * @param topics all five topics
 * @param createTopics whether late, dead-letter and state topics are created when missing
 */
public record PipelineDefinition(PipelineSpec spec, String groupId, int lanes, Topics topics, boolean createTopics) {
    public String name() {
        return spec.name();
    }

    /** The pipeline as this process runs it. */
    public KafkaPipeline on(InstanceId instance, KafkaClientSettings clients) {
        return new KafkaPipeline(spec, groupId, instance.value(), lanes, topics, createTopics, clients.startAtEnd());
    }
}
