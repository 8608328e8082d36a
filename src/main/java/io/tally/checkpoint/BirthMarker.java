package io.tally.checkpoint;

/**
 * The record that a pipeline's first commit for a source partition leaves in the state partition. It tells "this
 * pipeline has never run here" apart from "its committed offset is gone", and a source topic from one that was deleted
 * and created again under the same name.
 *
 * @param pipeline the pipeline's name
 * @param groupId the consumer group whose offsets belong to this state
 * @param sourceTopic name of the source topic
 * @param sourceTopicId the broker's id of the source topic
 * @param partitions number of the source topic's partitions
 * @param birthOffset the offset at which the pipeline began
 */
public record BirthMarker(
        String pipeline, String groupId, String sourceTopic, String sourceTopicId, int partitions, long birthOffset) {}
