package io.tally.kafka.member;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class MomentTest {
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private long steady = Long.MAX_VALUE - 1;
    private final Moment moment = new Moment(() -> now, () -> steady);

    /** Else a thread that is well would look as if it had hung for an hour, and one that hangs as if it did not. */
    @Test
    void isAsLongAgoAsItIsWhereverTheClockJumps() {
        pass(Duration.ofHours(1), Duration.ZERO);
        assertThat(moment.instant()).isEqualTo(now);
        pass(Duration.ofDays(-3), Duration.ofMinutes(11));
        assertThat(moment.instant()).isEqualTo(now.minus(Duration.ofMinutes(11)));
        moment.note();
        pass(Duration.ofSeconds(2), Duration.ofSeconds(2));
        assertThat(moment.instant()).isEqualTo(now.minusSeconds(2));
    }

    private void pass(Duration byTheClock, Duration passed) {
        now = now.plus(byTheClock);
        steady += passed.toNanos();
    }
}
