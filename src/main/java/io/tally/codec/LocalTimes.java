package io.tally.codec;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import org.jspecify.annotations.Nullable;

/**
 * Turns local times of one zone into instants, as {@link java.time.ZonedDateTime#ofLocal} does: with the offset before
 * a transition for the times that it skips or repeats. Remembers the span of local time in which the last offset holds,
 * so that the zone rules are asked only when a stream crosses a transition.
 */
final class LocalTimes {
    private final ZoneRules rules;
    private long from;
    private long to;
    private long offset;

    LocalTimes(ZoneId zone) {
        rules = zone.getRules();
    }

    /** Milliseconds since the epoch of a local time, itself given as the milliseconds that it would be in UTC. */
    long toEpochMillis(long local) {
        if (local < from || local >= to) {
            locate(local);
        }
        return local - offset;
    }

    private void locate(long local) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(local, 1000), 0, ZoneOffset.UTC);
        ZoneOffset found = rules.getOffset(time);
        Instant instant = time.toInstant(found);
        offset = found.getTotalSeconds() * 1000L;
        // The previous transition is sought strictly before an instant, and one at this very instant is a previous one.
        from = boundary(rules.previousTransition(instant.plusSeconds(1)), Long.MIN_VALUE);
        to = boundary(rules.nextTransition(instant), Long.MAX_VALUE);
        if (local < from || local >= to) {
            // A skipped local time; its instant lies behind the transition whose earlier offset it uses.
            from = local;
            to = local + 1;
        }
    }

    /** The first local time to which the offset after the transition applies. */
    private static long boundary(@Nullable ZoneOffsetTransition transition, long none) {
        if (transition == null) {
            return none;
        }
        int offset = Math.max(
                transition.getOffsetBefore().getTotalSeconds(),
                transition.getOffsetAfter().getTotalSeconds());
        return (transition.toEpochSecond() + offset) * 1000;
    }
}
