package io.tally.window;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A kind of window with its parameters. */
public sealed interface WindowKind {
    /** Windows whose borders are known beforehand: tumbling, hopping, cumulative, calendar. */
    record Aligned(Windowing windowing) implements WindowKind {}

    /**
     * Per key, events that each come less than the gap after another. A session reaches from its first event to the gap
     * after its last.
     */
    record Sessions(Duration gap) implements WindowKind {
        public Sessions {
            require(gap, "gap");
        }
    }

    /**
     * Per key, all events: running totals.
     *
     * @param ttl event time after which a key without events is dropped; null for never
     */
    record Totals(@Nullable Duration ttl) implements WindowKind {
        public Totals {
            if (ttl != null) {
                require(ttl, "ttl");
            }
        }
    }

    private static void require(Duration duration, String name) {
        if (duration.toMillis() < 1) {
            throw new IllegalArgumentException("a " + name + " is at least 1 ms, not " + duration.toMillis() + " ms");
        }
    }
}
