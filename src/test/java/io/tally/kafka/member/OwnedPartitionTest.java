package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.kafka.client.Causes;
import io.tally.pipeline.status.Refusal;
import io.tally.plan.UncountedRule;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class OwnedPartitionTest {
    private final OwnedPartition partition =
            new OwnedPartition(new TopicPartition("source", 0), patience(), patience(), UncountedRule.USUAL);
    private final Cancellation first = new Cancellation();
    private final Cancellation second = new Cancellation();

    @Test
    void takesTheOutcomeThatItWaitsForOnce() {
        partition.await(first);
        assertThat(partition.takeRestored()).isNull();
        Restored outcome = outcome(first);
        partition.offer(outcome);
        assertThat(partition.takeRestored()).isSameAs(outcome);
        assertThat(partition.takeRestored()).isNull();
    }

    /** It was past its last look at the cancellation. Its state is that of before the failed transaction. */
    @Test
    void ignoresTheOutcomeOfARestoreThatWasGivenUp() {
        partition.await(first);
        partition.forget();
        partition.offer(outcome(first));
        partition.await(second);
        assertThat(partition.takeRestored()).isNull();
        Restored outcome = outcome(second);
        partition.offer(outcome);
        assertThat(partition.takeRestored()).isSameAs(outcome);
    }

    @Test
    void ignoresAnyOutcomeWhenRefused() {
        partition.await(first);
        partition.refuse(new Refusal("problem", "remedy"));
        partition.offer(outcome(first));
        assertThat(partition.takeRestored()).isNull();
    }

    @Test
    void knowsTheEpochOfExactlyWhereItIs() {
        assertThat(partition.at(5, "text")).isEqualTo(new OffsetAndMetadata(5, "text"));
        OffsetAndMetadata read = new OffsetAndMetadata(5, Optional.of(3), "");
        partition.reached(read);
        // A poll that got nothing.
        partition.reached(new OffsetAndMetadata(5));
        assertThat(partition.at(5, "")).isEqualTo(read);
        assertThat(partition.at(6, "").leaderEpoch()).isEmpty();
        partition.reached(new OffsetAndMetadata(6));
        assertThat(partition.at(6, "").leaderEpoch()).isEmpty();
    }

    private static Restored outcome(Cancellation attempt) {
        return new Restored(attempt, new Refusal("problem", "remedy"), null);
    }

    private static AccessPatience patience() {
        return new AccessPatience(Duration.ofMinutes(5), System::nanoTime, Causes::describe);
    }
}
