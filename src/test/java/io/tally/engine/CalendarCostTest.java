package io.tally.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.aggregate.Event;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.engine.partial.Combiner;
import io.tally.engine.row.Aggregates;
import io.tally.window.Emission;
import io.tally.window.LateCheck;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Finding the beginning of a window by the calendar takes longer than everything else for a record. So it is done once
 * per window, whatever the order of the records.
 */
class CalendarCostTest {
    private static final long HOUR = 3_600_000;
    private static final int HOURS = 10;
    private static final Duration ALL = Duration.ofHours(HOURS);

    private final Counting calendar = new Counting(Windowing.hours(ZoneId.of("Europe/Berlin")));
    private final Event event = new Event(0);

    private long offset;

    static Stream<WindowSpec> specs() {
        Windowing any = Windowing.tumbling(ALL);
        WindowKind kind = new WindowKind.Aligned(any);
        return Stream.of(
                new WindowSpec(kind, ALL, Duration.ZERO, Emission.FINAL),
                new WindowSpec(kind, ALL, Duration.ZERO, Emission.UPDATES),
                new WindowSpec(kind, Duration.ZERO, ALL, Emission.FINAL),
                new WindowSpec(kind, Duration.ofHours(2), ALL, Emission.UPDATES));
    }

    @ParameterizedTest
    @MethodSource("specs")
    void anEngineAsksOnceAWindow(WindowSpec spec) {
        WindowEngine engine = Engines.forEvents(
                new WindowSpec(new WindowKind.Aligned(calendar), spec.grace(), spec.allowedLateness(), spec.emission()),
                new Aggregates(List.of(BuiltIn.count())),
                Long.MAX_VALUE);
        for (int hour = 0; hour < HOURS; hour++) {
            assertThat(fold(engine, hour * HOUR)).isTrue();
        }
        calendar.asked = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(fold(engine, i * 7 % HOURS * HOUR + i)).isTrue();
            engine.earlyRows().send(offset, 100, WindowOutput.NONE);
        }
        assertThat(calendar.asked).isZero();

        // A flood of late records is of one time, too.
        engine.advance(3 * HOURS * HOUR, WindowOutput.NONE);
        calendar.asked = 0;
        for (int i = 0; i < 100; i++) {
            assertThat(fold(engine, HOUR + i)).isFalse();
        }
        assertThat(calendar.asked).isLessThan(10);
    }

    @Test
    void aCombinerAsksOnceASlice() {
        WindowSpec spec = WindowSpec.of(calendar, ALL);
        Combiner combiner = Engines.combiner(spec, new Aggregates(List.of(BuiltIn.count())));
        LateCheck late = spec.lateCheck();
        long watermark = HOUR / 2;
        for (int round = 0; round < 10; round++) {
            if (round == 1) {
                calendar.asked = 0;
            }
            for (int i = 0; i < HOURS; i++) {
                event(i * 7 % HOURS * HOUR + round);
                assertThat(late.isLate(event.time(), watermark)).isFalse();
                combiner.fold(event, watermark);
            }
        }
        assertThat(calendar.asked).isZero();
    }

    private boolean fold(WindowEngine engine, long time) {
        event(time);
        engine.advance(time, WindowOutput.NONE);
        return engine.fold(event, offset++, WindowOutput.NONE);
    }

    private void event(long time) {
        byte[] key = "k".getBytes(StandardCharsets.UTF_8);
        event.time(time);
        event.key(key, 0, key.length);
    }

    private static final class Counting implements Windowing {
        private final Windowing windowing;
        private int asked;

        Counting(Windowing windowing) {
            this.windowing = windowing;
        }

        @Override
        public long sliceStart(long time) {
            asked++;
            return windowing.sliceStart(time);
        }

        @Override
        public long lastWindowEnd(long sliceStart) {
            asked++;
            return windowing.lastWindowEnd(sliceStart);
        }
    }
}
