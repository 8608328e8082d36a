package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.transaction.SendFailures;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.plan.Topics;
import io.tally.testkafka.LinesPipeline;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class LanePartitionsTest {
    private final LanePartitions partitions = new LanePartitions(
            new LinesPipeline().build("group", "a", new Topics("in", "out", "late", "dead", "state")),
            PipelineEvents.NONE);

    /**
     * A rebalance in the midst of the transaction took it away and gave it back. It has processed nothing since, so no
     * commit could ever show that what was lacking then is there again.
     */
    @Test
    void aPartitionThatCameBackLacksNothingYet() {
        OwnedPartition partition = partitions.add(new TopicPartition("in", 0));
        SendFailures failures = new SendFailures();
        failures.note(0, "late", new TopicAuthorizationException(Set.of("late")));

        assertThat(partitions.forgetAll(failures)).isTrue();

        assertThat(partition.isToRestore()).isTrue();
        assertThat(partitions.statuses()).singleElement().satisfies(status -> {
            assertThat(status.phase()).isEqualTo(PartitionPhase.RESTORING);
            assertThat(status.problem()).isNull();
        });
    }
}
