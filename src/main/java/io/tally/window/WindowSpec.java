package io.tally.window;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What windows a pipeline has and when their rows leave. An engine is made from this and the aggregates.
 *
 * @param grace how long a window waits for records that are out of order, in event time, at least 0
 * @param allowedLateness how long a window that has closed is kept for corrections, in event time, at least 0
 */
public record WindowSpec(WindowKind kind, Duration grace, Duration allowedLateness, Emission emission) {
    public WindowSpec {
        require(grace, "grace");
        require(allowedLateness, "allowed lateness");
        if (kind instanceof WindowKind.Totals totals) {
            if (totals.ttl() == null && emission == Emission.FINAL) {
                throw new IllegalArgumentException("running totals without a ttl are never final");
            }
            if (!allowedLateness.isZero()) {
                throw new IllegalArgumentException("running totals have no allowed lateness");
            }
        }
    }

    private static void require(Duration duration, String name) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("the " + name + " is at least 0 ms, not " + duration.toMillis() + " ms");
        }
    }

    /** Windows whose rows leave once, when they close. */
    public static WindowSpec of(Windowing windowing, Duration grace) {
        return new WindowSpec(new WindowKind.Aligned(windowing), grace, Duration.ZERO, Emission.FINAL);
    }

    /** How long the window that begins with 1970 is open, or a session without another record; zero for totals. */
    public Duration open() {
        Duration length = Duration.ZERO;
        if (kind instanceof WindowKind.Aligned aligned) {
            long end = aligned.windowing().lastWindowEnd(aligned.windowing().sliceStart(0));
            length = Duration.ofMillis(end - aligned.windowing().windowStart(end));
        } else if (kind instanceof WindowKind.Sessions sessions) {
            length = sessions.gap();
        }
        return length.plus(grace).plus(allowedLateness);
    }

    /** Whether a window and key may have several rows; revisions tell them apart. */
    public boolean hasRevisions() {
        return emission == Emission.UPDATES || !allowedLateness.isZero();
    }

    /** Whether windows of a key may begin at the same time, so that only their ends tell them apart. */
    public boolean mayBeginTogether() {
        return kind instanceof WindowKind.Sessions || windowing() instanceof Cumulative;
    }

    /** Where the windows are; null if that depends on the events of a key. */
    public @Nullable Windowing windowing() {
        if (kind instanceof WindowKind.Aligned aligned) {
            return aligned.windowing();
        }
        return kind instanceof WindowKind.Totals totals && totals.ttl() == null ? new AllTime() : null;
    }

    /**
     * Whether the partials of a shuffle carry the watermark at their first event in place of its event time. They do
     * for totals with a ttl, since that watermark decides which total takes an event.
     */
    public boolean hasPartialsByWatermark() {
        return kind instanceof WindowKind.Totals totals && totals.ttl() != null;
    }

    /** Whether a window that ends then takes no more events under a watermark. */
    public boolean isGone(long end, long watermark) {
        return end <= watermark && watermark - end >= allowedLateness.toMillis();
    }

    /** As {@link #isLate}, for many events one after the other. */
    public LateCheck lateCheck() {
        return new LateCheck(windowing(), allowedLateness.toMillis());
    }

    /**
     * Whether an event of this time is late under this watermark, whatever its key. Where the other events of the key
     * decide that, only an engine can tell, and the answer here is no.
     */
    public boolean isLate(long time, long watermark) {
        return lateCheck().isLate(time, watermark);
    }
}
