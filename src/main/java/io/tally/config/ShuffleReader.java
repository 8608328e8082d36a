package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.PipelineProperties.ShuffleMode;
import io.tally.config.property.PipelineProperties.ShuffleStage;
import io.tally.pipeline.StageKind;
import io.tally.plan.ShuffleDefinition;
import java.util.EnumSet;
import java.util.Set;

/** Decides whether a pipeline has a shuffle, and says why and which. */
final class ShuffleReader {
    private static final int MOST_PARTITIONS = 100_000;

    private final PipelineProperties properties;
    private final Problems problems;

    ShuffleReader(PipelineProperties properties, Problems problems) {
        this.properties = properties;
        this.problems = problems;
    }

    boolean isShuffled() {
        return switch (properties.shuffle()) {
            case ALWAYS -> true;
            case NEVER -> false;
            case AUTO -> !isGroupedByRecordKey();
        };
    }

    /** The choice and its reason, for the log. */
    String reason() {
        if (properties.shuffle() != ShuffleMode.AUTO) {
            return (isShuffled() ? "with a shuffle" : "without a shuffle") + ", as configured";
        }
        if (!isShuffled()) {
            return "without a shuffle, since the group key is the record key";
        }
        return "with a shuffle, since the group key is of the fields "
                + properties.key().fields() + " and not verified to be the record key";
    }

    private boolean isGroupedByRecordKey() {
        return properties.key().fields().isEmpty() || properties.key().verify();
    }

    /** The shuffle of a pipeline that has one. */
    ShuffleDefinition read(String groupId) {
        PipelineProperties.ShuffleTopic shuffle = properties.shuffleTopic();
        Integer partitions = shuffle.partitions();
        if (partitions != null && (partitions < 1 || partitions > MOST_PARTITIONS)) {
            problems.add("shuffle-topic.partitions", partitions, "must be 1 to " + MOST_PARTITIONS, "4");
        }
        Integer lanes = shuffle.mergeLanes();
        if (lanes != null && (lanes < 1 || lanes > Ranges.MOST_LANES)) {
            problems.add("shuffle-topic.merge-lanes", lanes, "must be 1 to " + Ranges.MOST_LANES, "2");
        }
        Set<StageKind> stages = EnumSet.noneOf(StageKind.class);
        for (ShuffleStage stage : shuffle.stages()) {
            stages.add(stage == ShuffleStage.COMBINE ? StageKind.COMBINE : StageKind.MERGE);
        }
        if (stages.isEmpty()) {
            problems.add("shuffle-topic.stages", null, "must name combine, merge or both", "combine, merge");
        }
        String name = shuffle.name() != null
                ? shuffle.name()
                : groupId + "-" + properties.source().topic() + "-shuffle";
        return new ShuffleDefinition(name, partitions, stages, lanes);
    }
}
