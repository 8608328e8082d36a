package io.tally.window;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WindowingTest {
    /** Random times for each kind of window; {@code -Dtally.times=20000} for more. */
    private static final int TIMES = Integer.getInteger("tally.times", 4_000);

    /** Zones whose clocks do odd things: at midnight, by half an hour, by a day. */
    private static final List<String> ZONES = List.of(
            "UTC",
            "Europe/Berlin",
            "America/New_York",
            "America/St_Johns",
            "America/Sao_Paulo",
            "Asia/Kolkata",
            "Asia/Kathmandu",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Africa/Casablanca");

    static Stream<Windowing> windowings() {
        return Stream.concat(
                Stream.of(1L, 7L, 5_000L, 86_400_000L)
                        .flatMap(size -> Stream.of(0L, 3L, -500_000_000L)
                                .map(offset -> Windowing.tumbling(Duration.ofMillis(size), Duration.ofMillis(offset)))),
                ZONES.stream()
                        .map(ZoneId::of)
                        .flatMap(zone -> Stream.concat(
                                Stream.of(Windowing.hours(zone)),
                                Stream.of(CalendarUnit.values())
                                        .flatMap(unit -> Stream.of("-23h30m", "0s", "2h30m", "18h")
                                                .map(offset -> periods(unit, zone, offset))))));
    }

    private static Windowing periods(CalendarUnit unit, ZoneId zone, String offset) {
        String iso = "PT" + offset.replace("-23h30m", "-23h-30m");
        return Windowing.periods(unit, zone, DayOfWeek.SUNDAY, Duration.parse(iso));
    }

    /** Every time is in exactly one window, which is the same for all times in it and ends where the next begins. */
    @ParameterizedTest
    @MethodSource("windowings")
    void coversTimeWithoutGapOrOverlap(Windowing windowing) {
        Random random = new Random(17);
        for (int i = 0; i < TIMES; i++) {
            long time = 1_300_000_000_000L + random.nextLong(-4_000_000_000_000L, 1_000_000_000_000L);
            long start = windowing.sliceStart(time);
            long end = windowing.lastWindowEnd(start);
            long within = start + random.nextLong(Math.max(1, end - start));
            // An assertion each would take most of the test's time.
            boolean right = start <= time
                    && time < end
                    && windowing.sliceStart(start) == start
                    && windowing.sliceStart(end - 1) == start
                    && windowing.sliceStart(within) == start
                    && windowing.sliceStart(end) == end;
            assertThat(right)
                    .as(() -> "%s is in [%s, %s), which %s is in, too".formatted(time, start, end, within))
                    .isTrue();
        }
    }

    static Stream<Windowing> overlapping() {
        return Stream.of(
                Windowing.hopping(Duration.ofMillis(10), Duration.ofMillis(10)),
                Windowing.hopping(Duration.ofMillis(10), Duration.ofMillis(5)),
                Windowing.hopping(Duration.ofMillis(10), Duration.ofMillis(4)),
                Windowing.hopping(Duration.ofMillis(7), Duration.ofMillis(5)),
                Windowing.hopping(Duration.ofMillis(7), Duration.ofMillis(1)),
                Windowing.hopping(Duration.ofMillis(10), Duration.ofMillis(4), Duration.ofMillis(3)),
                Windowing.hopping(Duration.ofMillis(7), Duration.ofMillis(5), Duration.ofMillis(-33)),
                Windowing.cumulative(Duration.ofMillis(12), Duration.ofMillis(4), Duration.ofMillis(3)),
                Windowing.cumulative(Duration.ofMillis(12), Duration.ofMillis(4), Duration.ofMillis(-6)),
                Windowing.cumulative(Duration.ofMillis(12), Duration.ofMillis(12)),
                Windowing.cumulative(Duration.ofMillis(12), Duration.ofMillis(4)),
                Windowing.cumulative(Duration.ofMillis(12), Duration.ofMillis(1)));
    }

    /** Windows in the order of their ends, cut by no slice; the last one of a slice is the last one of its times. */
    @ParameterizedTest
    @MethodSource("overlapping")
    void slicesAreCutByNoWindow(Windowing windowing) {
        for (long time = -50; time < 50; time++) {
            long slice = windowing.sliceStart(time);
            assertThat(time).isBetween(slice, windowing.sliceEnd(slice) - 1);
            assertThat(windowing.sliceStart(slice)).isEqualTo(slice);
            long last = windowing.lastWindowEnd(slice);
            long end = windowing.nextWindowEnd(time);
            assertThat(end).isGreaterThan(time).isEqualTo(windowing.nextWindowEnd(slice));
            for (; end != last; end = windowing.nextWindowEnd(end)) {
                assertThat(end).isLessThan(last);
                assertThat(windowing.windowStart(end)).isLessThanOrEqualTo(slice);
            }
            assertThat(windowing.windowStart(last)).isLessThanOrEqualTo(slice);
            assertThat(windowing.windowStart(windowing.nextWindowEnd(last))).isGreaterThan(time);
            assertThat(windowing.sliceEnd(windowing.sliceStart(last - 1))).isEqualTo(last);
        }
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "10, 11", "10, -5", "0, 1"})
    void hoppingWindowsLeaveNoTimeOut(long size, long advance) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Windowing.hopping(Duration.ofMillis(size), Duration.ofMillis(advance)));
    }

    @ParameterizedTest
    @CsvSource({"10, 0", "10, 3", "10, 20", "0, 1"})
    void cumulativeWindowsGrowInWholeSteps(long size, long step) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Windowing.cumulative(Duration.ofMillis(size), Duration.ofMillis(step)));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "4999, 0", "5000, 5000", "-1, -5000", "-5000, -5000", "-5001, -10000"})
    void tumblingWindowsAreAlignedToTheEpoch(long time, long start) {
        Windowing windowing = Windowing.tumbling(Duration.ofSeconds(5));
        assertThat(windowing.sliceStart(time)).isEqualTo(start);
        assertThat(windowing.lastWindowEnd(start)).isEqualTo(start + 5_000);
    }

    @Test
    void aWindowHasASize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Windowing.tumbling(Duration.ofNanos(999_999)))
                .withMessageContaining("at least 1 ms, not 0 ms");
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin,       2026-03-29, 23",
        "Europe/Berlin,       2026-10-25, 25",
        "Europe/Berlin,       2026-06-01, 24",
        "Europe/Berlin,       2024-02-29, 24",
        "America/Sao_Paulo,   2018-11-04, 23",
        "Australia/Lord_Howe, 2026-04-05, 24.5",
        "Pacific/Apia,        2011-12-31, 24"
    })
    void daysAreAsLongAsTheyAre(String zone, LocalDate date, double hours) {
        Windowing days = Windowing.days(ZoneId.of(zone));
        long noon = date.atTime(12, 0).atZone(ZoneId.of(zone)).toInstant().toEpochMilli();
        long start = days.sliceStart(noon);
        assertThat(start)
                .isEqualTo(date.atStartOfDay(ZoneId.of(zone)).toInstant().toEpochMilli());
        assertThat((days.lastWindowEnd(start) - start) / 3_600_000.0).isEqualTo(hours);
    }

    /**
     * Weeks over a new year, months with a leap day, days that do not begin at midnight; with changes of the clocks.
     */
    @ParameterizedTest
    @CsvSource({
        "WEEK,    MONDAY, UTC,              0s,  2026-01-01T12:00:00Z, 2025-12-29T00:00:00Z, 2026-01-05T00:00:00Z",
        "WEEK,    SUNDAY, UTC,              0s,  2026-01-01T12:00:00Z, 2025-12-28T00:00:00Z, 2026-01-04T00:00:00Z",
        "WEEK,    MONDAY, Europe/Berlin,    0s,  2026-03-29T21:59:59Z, 2026-03-22T23:00:00Z, 2026-03-29T22:00:00Z",
        "MONTH,   MONDAY, Europe/Berlin,    0s,  2026-03-31T21:59:59Z, 2026-02-28T23:00:00Z, 2026-03-31T22:00:00Z",
        "MONTH,   MONDAY, UTC,              0s,  2024-02-29T23:59:59Z, 2024-02-01T00:00:00Z, 2024-03-01T00:00:00Z",
        "MONTH,   MONDAY, UTC,              -6h, 2026-02-28T18:00:00Z, 2026-02-28T18:00:00Z, 2026-03-31T18:00:00Z",
        "QUARTER, MONDAY, America/New_York, 0s,  2026-05-15T00:00:00Z, 2026-04-01T04:00:00Z, 2026-07-01T04:00:00Z",
        "QUARTER, MONDAY, UTC,              0s,  2025-12-31T23:59:59Z, 2025-10-01T00:00:00Z, 2026-01-01T00:00:00Z",
        "YEAR,    MONDAY, Asia/Kolkata,     0s,  2026-12-31T18:29:59Z, 2025-12-31T18:30:00Z, 2026-12-31T18:30:00Z",
        "DAY,     MONDAY, UTC,              18h, 2026-03-01T17:59:59Z, 2026-02-28T18:00:00Z, 2026-03-01T18:00:00Z",
        "DAY,     MONDAY, Europe/Berlin,    18h, 2026-03-29T10:00:00Z, 2026-03-28T17:00:00Z, 2026-03-29T16:00:00Z",
        "DAY,     MONDAY, Europe/Berlin,    18h, 2026-10-25T10:00:00Z, 2026-10-24T16:00:00Z, 2026-10-25T17:00:00Z",
        // Clocks go from 02:00 to 03:00, and from 03:00 to 02:00: the day begins with the change, and the first time.
        "DAY,     MONDAY, Europe/Berlin, 2h30m,  2026-03-29T12:00:00Z, 2026-03-29T01:00:00Z, 2026-03-30T00:30:00Z",
        "DAY,     MONDAY, Europe/Berlin, 2h30m,  2026-10-25T01:15:00Z, 2026-10-25T00:30:00Z, 2026-10-26T01:30:00Z"
    })
    void periodsBeginByTheCalendar(
            CalendarUnit unit, DayOfWeek first, String zone, String offset, Instant time, Instant start, Instant end) {
        Windowing periods = Windowing.periods(unit, ZoneId.of(zone), first, Duration.parse("PT" + offset));
        long begin = periods.sliceStart(time.toEpochMilli());
        assertThat(Instant.ofEpochMilli(begin)).isEqualTo(start);
        assertThat(Instant.ofEpochMilli(periods.lastWindowEnd(begin))).isEqualTo(end);
    }

    /** 2010-11-07 00:01 became 2010-11-06 23:01: the repeated hour belongs to the day that had begun. */
    @Test
    void aDayThatHasBegunGoesOn() {
        ZoneId zone = ZoneId.of("America/St_Johns");
        Windowing days = Windowing.days(zone);
        Instant again = LocalDateTime.of(2010, 11, 6, 23, 30)
                .atZone(zone)
                .withLaterOffsetAtOverlap()
                .toInstant();
        assertThat(days.sliceStart(again.toEpochMilli()))
                .isEqualTo(
                        LocalDate.of(2010, 11, 7).atStartOfDay(zone).toInstant().toEpochMilli());
    }

    @Test
    void theRepeatedHourComesTwice() {
        Windowing hours = Windowing.hours(ZoneId.of("Europe/Berlin"));
        long first =
                LocalDateTime.of(2026, 10, 25, 0, 0).toInstant(ZoneOffset.UTC).toEpochMilli();
        assertThat(hours.sliceStart(first + 1_800_000)).isEqualTo(first);
        assertThat(hours.lastWindowEnd(first)).isEqualTo(first + 3_600_000);
        assertThat(hours.sliceStart(first + 5_400_000)).isEqualTo(first + 3_600_000);
    }

    @ParameterizedTest
    @CsvSource({
        "Asia/Kolkata,        2026-01-01T00:29:59.999Z, 2025-12-31T23:30:00Z, 2026-01-01T00:30:00Z",
        "Asia/Kathmandu,      2026-01-01T00:15:00Z,     2026-01-01T00:15:00Z, 2026-01-01T01:15:00Z",
        "Australia/Lord_Howe, 2026-04-04T15:10:00Z,     2026-04-04T15:00:00Z, 2026-04-04T15:30:00Z"
    })
    void hoursFollowTheClocksOfTheZone(String zone, Instant time, Instant start, Instant end) {
        Windowing hours = Windowing.hours(ZoneId.of(zone));
        assertThat(Instant.ofEpochMilli(hours.sliceStart(time.toEpochMilli()))).isEqualTo(start);
        assertThat(Instant.ofEpochMilli(hours.lastWindowEnd(start.toEpochMilli())))
                .isEqualTo(end);
    }
}
