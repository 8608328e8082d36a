package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PredecessorTransactionsTest {
    /** A lane that is fenced too often ends, since somebody else has its id; two others may fence it. */
    @Test
    void fencesALivingLaneTooSeldomToEndIt() {
        long byOne = 1 + LaneHealth.FENCING_PERIOD.dividedBy(PredecessorTransactions.FENCED_AGAIN_AFTER);
        assertThat(2 * byOne).isLessThan(LaneHealth.FENCINGS);
    }
}
