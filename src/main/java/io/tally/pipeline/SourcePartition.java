package io.tally.pipeline;

import io.tally.setting.Setting;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The source partition that a state belongs to, with everything that a recovery compares.
 *
 * @param pipeline name of the pipeline
 * @param groupId consumer group whose offsets are ours
 * @param topic source topic
 * @param topicId the broker's id of that topic; it changes when the topic is deleted and created again
 * @param partition number of the partition
 * @param partitions number of the topic's partitions
 * @param compacted whether records of the topic may have vanished, so that nothing can be replayed from it
 * @param stateTopic topic that holds the state, partition by partition
 * @param shuffle the stage's place in a shuffle; null without a shuffle
 */
public record SourcePartition(
        String pipeline,
        String groupId,
        String topic,
        String topicId,
        int partition,
        int partitions,
        boolean compacted,
        String stateTopic,
        @Nullable ShuffleSide shuffle) {
    public StageKind stage() {
        return shuffle == null ? StageKind.DIRECT : shuffle.stage();
    }

    /** The name of the state's owner: the pipeline, or one of its stages. */
    public String owner() {
        return shuffle == null
                ? pipeline
                : pipeline + "." + shuffle.stage().name().toLowerCase(Locale.ROOT);
    }

    /** Where one of the pipeline's settings is made: the full name of the property. */
    public String property(Setting setting) {
        return setting.of(pipeline);
    }

    @Override
    public String toString() {
        return topic + "-" + partition;
    }
}
