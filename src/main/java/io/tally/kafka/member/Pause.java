package io.tally.kafka.member;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Whether an operator has paused a pipeline in this instance. All its lanes look at the same pause, also lanes that are
 * made later. Set by any thread.
 */
public final class Pause {
    private volatile @Nullable Instant since;

    /** Begins; goes on if it has begun before. */
    public synchronized void begin(Instant now) {
        if (since == null) {
            since = now;
        }
    }

    public synchronized void end() {
        since = null;
    }

    public boolean isOn() {
        return since != null;
    }

    /** Since when; null if it is not paused. */
    public @Nullable Instant since() {
        return since;
    }
}
