package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class CountedUpToTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");
    private static final Instant EARLIER = NOW.minusSeconds(60);

    private final CountedUpTo upTo = new CountedUpTo();

    @Test
    void isNotKnownAtFirst() {
        upTo.committed(NOW);

        assertThat(upTo.moment()).isNull();
    }

    @Test
    void isTheTimestampOfTheLastCommittedRecord() {
        read(EARLIER);
        assertThat(upTo.moment()).as("not committed yet").isNull();

        upTo.committed(NOW);
        assertThat(upTo.moment()).isEqualTo(EARLIER);
        read(EARLIER.minusSeconds(5));
        upTo.committed(NOW);
        assertThat(upTo.moment()).as("records may be out of order").isEqualTo(EARLIER.minusSeconds(5));
    }

    @Test
    void isNowWhenThereIsNothingMoreToRead() {
        read(EARLIER);
        upTo.committed(EARLIER);
        upTo.caughtUp(NOW);

        assertThat(upTo.moment()).isEqualTo(NOW);
    }

    /** What a producer sends now may have the timestamp of last year; what came before it was counted all the same. */
    @Test
    void isNotBeforeTheMomentWhenAllWasRead() {
        upTo.caughtUp(EARLIER);
        read(EARLIER.minusSeconds(1_000_000));
        upTo.committed(NOW);

        assertThat(upTo.moment()).isEqualTo(EARLIER);
    }

    @Test
    void isNotAheadOfTheClock() {
        read(NOW.plusSeconds(1_000_000));
        upTo.committed(NOW);

        assertThat(upTo.moment()).isEqualTo(NOW);
    }

    @Test
    void staysWhereItWasWhenATransactionFails() {
        read(EARLIER);
        upTo.committed(NOW);
        read(NOW);
        upTo.forget();
        upTo.committed(NOW);

        assertThat(upTo.moment()).isEqualTo(EARLIER);
    }

    private void read(Instant timestamp) {
        upTo.read(timestamp.toEpochMilli());
    }
}
