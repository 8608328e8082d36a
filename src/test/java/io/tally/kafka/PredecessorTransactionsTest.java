package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PredecessorTransactionsTest {
    /** A lane that is fenced too often ends, since somebody else has its id. */
    @Test
    void fencesALivingLaneTooSeldomToEndIt() {
        assertThat(PredecessorTransactions.FENCED_AGAIN_AFTER.multipliedBy(LaneHealth.FENCINGS - 1))
                .isGreaterThan(LaneHealth.FENCING_PERIOD);
    }
}
