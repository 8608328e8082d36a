package io.tally.plan;

import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An enabled pipeline with all defaults resolved, without the identity of this process.
 *
 * @param spec what it computes
 * @param groupId its consumer group
 * @param lanes consumer threads of this instance
 * @param transactions how much goes into a transaction
 * @param topics all topics but that of the shuffle
 * @param accessTimeout how long a missing permission or topic is waited for
 * @param createTopics whether late, dead-letter, state and shuffle topics are created when missing
 * @param shuffle its shuffle; null if it has none
 * @param uncounted when to report a partition that counts hardly any record
 * @param topology whether it has a shuffle and why, in words
 * @param warnings what the user should know at start: one sentence each, with a remedy
 */
public record PipelineDefinition(
        PipelineSpec spec,
        String groupId,
        int lanes,
        TransactionLimits transactions,
        Topics topics,
        Duration accessTimeout,
        boolean createTopics,
        @Nullable ShuffleDefinition shuffle,
        UncountedRule uncounted,
        String topology,
        List<String> warnings) {
    public PipelineDefinition {
        warnings = List.copyOf(warnings);
    }

    public String name() {
        return spec.name();
    }

    /**
     * The parts of the pipeline that a process runs: all of it, or one or both stages of a shuffle.
     *
     * @param instanceId stable identity of the process
     * @param startAtEnd where it begins without a committed offset: at the end of the source, or at its beginning
     */
    public List<KafkaPipeline> on(String instanceId, boolean startAtEnd) {
        if (shuffle == null) {
            return List.of(new KafkaPipeline(
                    spec,
                    groupId,
                    instanceId,
                    lanes,
                    transactions,
                    topics,
                    accessTimeout,
                    createTopics,
                    startAtEnd,
                    null,
                    uncounted,
                    topology));
        }
        return shuffle.stages().stream()
                .map(stage -> stage == StageKind.COMBINE
                        ? combine(shuffle, instanceId, startAtEnd)
                        : merge(shuffle, instanceId))
                .toList();
    }

    private KafkaPipeline combine(ShuffleDefinition definition, String instanceId, boolean startAtEnd) {
        return new KafkaPipeline(
                spec.forStage(StageKind.COMBINE),
                groupId,
                instanceId,
                lanes,
                transactions,
                topics.withSink(definition.topic()),
                accessTimeout,
                createTopics,
                startAtEnd,
                shuffle(definition),
                uncounted,
                topology);
    }

    /** Never starts at the end, since the records of the shuffle topic have already been taken from the source. */
    private KafkaPipeline merge(ShuffleDefinition definition, String instanceId) {
        return new KafkaPipeline(
                spec.forStage(StageKind.MERGE),
                groupId + ShuffleDefinition.MERGE_SUFFIX,
                instanceId,
                mergeLanes(definition),
                transactions,
                new Topics(
                        definition.topic(),
                        topics.sinks(),
                        topics.late(),
                        topics.deadLetter(),
                        topics.state() + ShuffleDefinition.MERGE_SUFFIX),
                accessTimeout,
                createTopics,
                false,
                shuffle(definition),
                uncounted,
                topology);
    }

    private int mergeLanes(ShuffleDefinition definition) {
        if (definition.mergeLanes() != null) {
            return definition.mergeLanes();
        }
        return definition.partitions() == null ? lanes : Math.min(lanes, definition.partitions());
    }

    private ShuffleRoute shuffle(ShuffleDefinition definition) {
        return new ShuffleRoute(definition.topic(), definition.partitions(), topics.source(), groupId);
    }
}
