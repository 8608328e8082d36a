package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = BEGIN;
    private long steady = Long.MAX_VALUE - 1;
    private final ClockWatch watch = new ClockWatch(() -> now, () -> steady);

    private boolean wasSetBack(int clockSeconds, int steadySeconds) {
        now = now.plusSeconds(clockSeconds);
        steady += Duration.ofSeconds(steadySeconds).toNanos();
        return watch.wasSetBack();
    }

    @Test
    void seesThatTheClockWasSetBack() {
        for (int seconds : new int[] {1, 2, 1, 3_600}) {
            now = BEGIN.plusSeconds(seconds);
            assertThat(watch.wasSetBack()).isFalse();
        }

        now = BEGIN.plusSeconds(3);
        assertThat(watch.wasSetBack()).isTrue();
        now = BEGIN.plusSeconds(4);
        assertThat(watch.wasSetBack()).isFalse();
    }

    /** The clock is ahead of when it was last looked at, but not by the time that has passed. */
    @Test
    void seesItThoughTimeHasPassed() {
        assertThat(wasSetBack(5, 5)).isFalse();
        assertThat(wasSetBack(600, 600)).isFalse();
        assertThat(wasSetBack(2, 5)).isFalse();
        assertThat(wasSetBack(1, 5)).isTrue();
    }

    @Test
    void takesAHaltForNone() {
        ClockWatch halted = new ClockWatch(
                () -> {
                    // Halted right after it was read.
                    Instant read = now;
                    now = now.plusSeconds(60);
                    steady += Duration.ofSeconds(60).toNanos();
                    return read;
                },
                () -> steady);

        assertThat(halted.wasSetBack()).isFalse();
        assertThat(halted.wasSetBack()).isFalse();
    }
}
