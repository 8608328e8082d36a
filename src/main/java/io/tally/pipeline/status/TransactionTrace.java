package io.tally.pipeline.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One transaction of a lane that has ended, for a trace.
 *
 * @param end when its end was known
 * @param duration from the begin, when records were delivered, to that
 * @param size what it held; null if it was not committed
 * @param failure why it was not committed; null if it was
 * @param byFencing whether that was because another producer has taken over the lane's transactional id
 * @param parents where some of its records come from, each once; at most as many as are wanted
 */
public record TransactionTrace(
        Instant end,
        Duration duration,
        @Nullable TransactionSize size,
        @Nullable Throwable failure,
        boolean byFencing,
        List<TraceParent> parents) {
    /** Name of the outcome, as in the metrics: {@code committed}, {@code failed} or {@code fenced}. */
    public String outcome() {
        if (failure == null) {
            return "committed";
        }
        return byFencing ? "fenced" : "failed";
    }
}
