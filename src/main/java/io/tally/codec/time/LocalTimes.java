package io.tally.codec.time;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Turns local times of one zone into instants. Times that a transition skips get the offset before it, as with
 * {@link java.time.ZonedDateTime#ofLocal}. For times that it repeats, {@link AmbiguousTimes} decides. The span of local
 * time in which the last offset holds is remembered, so the zone rules are asked only when a stream crosses a
 * transition.
 */
final class LocalTimes {
    private final ZoneRules rules;
    private final AmbiguousTimes ambiguous;
    private long from;
    private long to;
    private long offset;
    /** How much later the second instant of these local times is; 0 if they have one instant. */
    private long repeatedAfter;

    LocalTimes(ZoneId zone, AmbiguousTimes ambiguous) {
        rules = zone.getRules();
        this.ambiguous = ambiguous;
    }

    /** Milliseconds since the epoch of a local time, which is given as the milliseconds that it would be in UTC. */
    long toEpochMillis(long local) {
        if (local < from || local >= to) {
            locate(local);
        }
        long time = local - offset;
        return repeatedAfter == 0 ? time : ambiguous.choose(time, repeatedAfter);
    }

    private void locate(long local) {
        LocalDateTime time = LocalDateTime.ofEpochSecond(Math.floorDiv(local, 1000), 0, ZoneOffset.UTC);
        ZoneOffset found = rules.getOffset(time);
        offset = millis(found);
        ZoneOffsetTransition odd = rules.getTransition(time);
        repeatedAfter = odd != null && odd.isOverlap() ? -odd.getDuration().toMillis() : 0;
        if (odd == null) {
            Instant instant = time.toInstant(found);
            // The JDK looks for the previous transition strictly before an instant. Here one at this very instant
            // counts as previous.
            ZoneOffsetTransition before = rules.previousTransition(instant.plusSeconds(1));
            ZoneOffsetTransition after = rules.nextTransition(instant);
            from = before == null ? Long.MIN_VALUE : endOfOdd(before);
            to = after == null ? Long.MAX_VALUE : startOfOdd(after);
        } else {
            from = startOfOdd(odd);
            to = endOfOdd(odd);
        }
    }

    /** The first local time that a transition skips or repeats. */
    private static long startOfOdd(ZoneOffsetTransition transition) {
        return transition.toEpochSecond() * 1000
                + Math.min(millis(transition.getOffsetBefore()), millis(transition.getOffsetAfter()));
    }

    /** The first local time after those that a transition skips or repeats. */
    private static long endOfOdd(ZoneOffsetTransition transition) {
        return transition.toEpochSecond() * 1000
                + Math.max(millis(transition.getOffsetBefore()), millis(transition.getOffsetAfter()));
    }

    private static long millis(ZoneOffset offset) {
        return offset.getTotalSeconds() * 1000L;
    }
}
