package io.tally.plan;

import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.setting.Setting;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline and its place in Kafka. If it has a shuffle, each of its two stages is a pipeline of its own here, with
 * its own group, lanes, transactions and state.
 *
 * @param spec what it computes
 * @param groupId its consumer group, whose committed offsets are its progress
 * @param instanceId stable identity of this process
 * @param lanes consumer threads of this instance, at least 1
 * @param transactions how much goes into a transaction
 * @param accessTimeout how long a missing permission or topic is waited for
 * @param createTopics whether missing late, dead-letter and state topics are created
 * @param startAtEnd where a pipeline without a committed offset begins: at the end of the source, or at its beginning
 * @param shuffle the shuffle on one side of which the stage is; null if there is none
 * @param uncounted when to report a partition that counts hardly any record
 * @param topology whether there is a shuffle and why, in words
 */
public record KafkaPipeline(
        PipelineSpec spec,
        String groupId,
        String instanceId,
        int lanes,
        TransactionLimits transactions,
        Topics topics,
        Duration accessTimeout,
        boolean createTopics,
        boolean startAtEnd,
        @Nullable ShuffleRoute shuffle,
        UncountedRule uncounted,
        String topology) {

    /** Its name in logs, metrics and health. */
    public String name() {
        return spec.title();
    }

    public StageKind stage() {
        return spec.stage();
    }

    /** Where one of the pipeline's settings is made: the full name of the property. */
    public String property(Setting setting) {
        return setting.of(spec.name());
    }

    /**
     * Where a setting of one of the sinks is made: the full name of the property.
     *
     * @param sink its place among the sinks, 0 for the first
     */
    public String sinkProperty(Setting setting, int sink) {
        return setting.ofSink(spec.name(), sink);
    }

    /**
     * The beginning of all transactional ids of this pipeline, in every instance. No other pipeline's ids begin with
     * it, since an instance id has no colon.
     */
    public String transactionalIdFamily() {
        return TransactionalId.family(groupId);
    }

    /** Stable across restarts of the same instance, so that a restart ends what its predecessor left open. */
    public String transactionalId(int lane) {
        return new TransactionalId(groupId, instanceId, lane).toString();
    }

    /** Whether the id is of a lane of this pipeline that this instance does not run. */
    public boolean isForeign(String transactionalId) {
        TransactionalId id = TransactionalId.parse(groupId, transactionalId);
        return id != null && !(id.instance().equals(instanceId) && id.lane() < lanes);
    }

    /** Identity of a lane in the consumer group (static membership). */
    public String groupInstanceId(int lane) {
        return instanceId + "-" + lane;
    }
}
