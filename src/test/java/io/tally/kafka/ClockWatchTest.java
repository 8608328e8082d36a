package io.tally.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ClockWatchTest {
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private Instant now = BEGIN;
    private long steady = Long.MAX_VALUE - 1;
    private final ClockWatch watch = new ClockWatch(() -> now, () -> steady);

    private int after(int clockSeconds, int steadySeconds) {
        now = now.plusSeconds(clockSeconds);
        steady += Duration.ofSeconds(steadySeconds).toNanos();
        watch.look();
        return watch.timesSetBack();
    }

    @Test
    void seesThatTheClockWasSetBack() {
        assertThat(after(1, 1)).isZero();
        assertThat(after(0, 1)).isZero();
        assertThat(after(-10, 1)).isEqualTo(1);
        assertThat(after(1, 1)).isEqualTo(1);
        assertThat(after(-10, 1)).isEqualTo(2);
    }

    /** It is right again, but who looked at it meanwhile waits for an hour. */
    @Test
    void seesThatTheClockWasAheadForAMoment() {
        assertThat(after(3_600, 0)).isZero();
        assertThat(after(-3_599, 1)).isEqualTo(1);
    }

    /** The clock is ahead of when it was last looked at, but not by the time that has passed. */
    @Test
    void seesItThoughTimeHasPassed() {
        assertThat(after(5, 5)).isZero();
        assertThat(after(600, 600)).isZero();
        assertThat(after(2, 5)).isZero();
        assertThat(after(1, 5)).isEqualTo(1);
    }

    @Test
    void seesThatItWasSetBackInSmallSteps() {
        assertThat(after(-1, 1)).isZero();
        assertThat(after(1, 1)).isZero();
        assertThat(after(0, 1)).isZero();
        assertThat(after(0, 1)).isEqualTo(1);
    }

    /** A clock may be corrected by a little now and then. */
    @Test
    void addsUpWhatIsNearOnly() {
        for (int steps = 0; steps < 10; steps++) {
            assertThat(after(0, 1)).isZero();
            for (int looks = 0; looks < 30; looks++) {
                assertThat(after(1, 1)).isZero();
            }
        }
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

        halted.look();
        halted.look();
        assertThat(halted.timesSetBack()).isZero();
    }

    /** Nobody else has to ask in time. */
    @Test
    void looksByItself() {
        AtomicReference<Instant> clock = new AtomicReference<>(BEGIN.plusSeconds(3_600));
        CountDownLatch looked = new CountDownLatch(2);
        try (ClockWatch running = new ClockWatch(
                () -> {
                    looked.countDown();
                    return clock.get();
                },
                System::nanoTime)) {
            running.start();
            await().until(() -> looked.getCount() == 0);
            clock.set(BEGIN);
            await().until(() -> running.timesSetBack() == 1);
        }
    }
}
