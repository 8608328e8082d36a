package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Each reason stands as long as what it is about, and hides no other. */
class LaneHealthTest {
    private final LaneHealth health = new LaneHealth();

    @Test
    void saysWhyTransactionsFailUntilOneIsCommitted() {
        fail();
        assertThat(health.problem()).isEqualTo("a transaction failed: no answer");
        fail();
        assertThat(health.problem()).isEqualTo("2 transactions in a row failed: no answer");
        assertThat(health.backoff()).isPositive();

        health.committed();
        assertThat(health.problem()).isNull();
        assertThat(health.backoff()).isZero();
    }

    @Test
    void saysItUntilNothingWaitsToBeCommitted() {
        fail();
        fail();
        health.nothingWaits();
        assertThat(health.problem()).isNull();
        assertThat(health.backoff()).isZero();
    }

    @Test
    void aCommitDoesNotHideThatPollsFail() {
        health.pollFailed("TimeoutException: away");
        health.committed();
        assertThat(health.problem()).isEqualTo("the consumer cannot poll: TimeoutException: away");

        fail();
        health.pollWorked();
        assertThat(health.problem()).isEqualTo("a transaction failed: no answer");
    }

    /** Such a consumer polls on, and brings nothing. */
    @Test
    void theLossOfItsPlaceInTheGroupStands() {
        assertThat(health.isOutOfGroup()).isFalse();
        health.outOfGroup("GroupIdNotFoundException: gone");
        health.pollWorked();
        health.nothingWaits();

        assertThat(health.isOutOfGroup()).isTrue();
        assertThat(health.problem())
                .isEqualTo("a consumer has lost its place in the group for good: GroupIdNotFoundException: gone");
    }

    @Test
    void anEndStands() {
        health.end("for good");
        fail();
        health.pollFailed("TimeoutException: away");
        health.committed();
        health.pollWorked();
        assertThat(health.problem()).isEqualTo("for good");
        assertThat(health.hasEnded()).isTrue();
    }

    private void fail() {
        health.failed("no answer");
    }
}
