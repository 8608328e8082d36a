package io.tally.codec.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.tally.codec.Fuzz;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LocalTimesTest {
    @ParameterizedTest
    @EnumSource(AmbiguousTime.class)
    void agreesWithJavaTimeAroundEveryTransitionOfEveryZone(AmbiguousTime choice) {
        Random random = Fuzz.random(getClass());
        for (String id : ZoneId.getAvailableZoneIds()) {
            ZoneId zone = ZoneId.of(id);
            List<Long> locals = locals(zone, random);
            // In order means one of the other choices, here by the greatest time so far.
            long latest = choice == AmbiguousTime.IN_ORDER ? locals.get(random.nextInt(locals.size())) : 0;
            AmbiguousTimes ambiguous = new AmbiguousTimes(choice);
            ambiguous.seen(latest);
            LocalTimes times = new LocalTimes(zone, ambiguous);
            // What is remembered must not show, in order or out of order.
            for (long local : locals) {
                check(zone, times, local, choice, latest);
            }
            for (int i = 0; i < 200; i++) {
                check(zone, times, locals.get(random.nextInt(locals.size())), choice, latest);
            }
        }
    }

    @Test
    void resolvesGapsAndOverlapsAsDocumented() {
        LocalTimes berlin = new LocalTimes(ZoneId.of("Europe/Berlin"), new AmbiguousTimes(AmbiguousTime.EARLIER));
        assertThat(instant(berlin, "2026-03-29T01:59:59")).isEqualTo("2026-03-29T00:59:59Z");
        assertThat(instant(berlin, "2026-03-29T02:30:00")).isEqualTo("2026-03-29T01:30:00Z");
        assertThat(instant(berlin, "2026-03-29T03:00:00")).isEqualTo("2026-03-29T01:00:00Z");
        assertThat(instant(berlin, "2026-10-25T01:59:59")).isEqualTo("2026-10-24T23:59:59Z");
        assertThat(instant(berlin, "2026-10-25T02:30:00")).isEqualTo("2026-10-25T00:30:00Z");
        assertThat(instant(berlin, "2026-10-25T03:00:00")).isEqualTo("2026-10-25T02:00:00Z");
    }

    private static String instant(LocalTimes times, String local) {
        long millis = LocalDateTime.parse(local).toInstant(ZoneOffset.UTC).toEpochMilli();
        return Instant.ofEpochMilli(times.toEpochMillis(millis)).toString();
    }

    private static List<Long> locals(ZoneId zone, Random random) {
        List<Long> locals = new ArrayList<>();
        List<ZoneOffsetTransition> transitions = new ArrayList<>(zone.getRules().getTransitions());
        // Those of the rules that go on for ever.
        Instant last = Instant.parse("2030-01-01T00:00:00Z");
        for (int i = 0; i < 4; i++) {
            ZoneOffsetTransition next = zone.getRules().nextTransition(last);
            if (next != null) {
                transitions.add(next);
                last = next.getInstant();
            }
        }
        for (ZoneOffsetTransition transition : transitions) {
            for (LocalDateTime edge : List.of(transition.getDateTimeBefore(), transition.getDateTimeAfter())) {
                long millis = edge.toInstant(ZoneOffset.UTC).toEpochMilli();
                for (long delta : new long[] {-1000, -1, 0, 1, 1000, random.nextInt(7_200_000) - 3_600_000}) {
                    locals.add(millis + delta);
                }
            }
        }
        for (int i = 0; i < 20; i++) {
            locals.add(TimestampSpec.MIN_TIME
                    + (long) (random.nextDouble() * (TimestampSpec.MAX_TIME - TimestampSpec.MIN_TIME)));
        }
        return locals;
    }

    private static void check(ZoneId zone, LocalTimes times, long local, AmbiguousTime choice, long latest) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(
                Math.floorDiv(local, 1000), Math.floorMod(local, 1000) * 1_000_000, ZoneOffset.UTC);
        ZonedDateTime zoned = ZonedDateTime.ofLocal(time, zone, null);
        long earlier = millis(zoned.withEarlierOffsetAtOverlap());
        long later = millis(zoned.withLaterOffsetAtOverlap());
        long expected = switch (choice) {
            case EARLIER -> earlier;
            case LATER -> later;
            case IN_ORDER -> Math.abs(latest - later) < Math.abs(latest - earlier) ? later : earlier;
        };
        if (times.toEpochMillis(local) != expected) {
            assertThat(Instant.ofEpochMilli(times.toEpochMillis(local)))
                    .as("%s in %s", time, zone)
                    .isEqualTo(Instant.ofEpochMilli(expected));
        }
    }

    private static long millis(ZonedDateTime time) {
        return time.toInstant().toEpochMilli();
    }
}
