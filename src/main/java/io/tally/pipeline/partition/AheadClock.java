package io.tally.pipeline.partition;

import io.tally.checkpoint.AheadBounds;
import io.tally.checkpoint.AheadBounds.Step;
import io.tally.codec.decode.DecodingHistory;
import java.util.List;

/**
 * The greatest event time that is believed: as far ahead of this host's clock as is allowed when a record is read for
 * the first time. A producer's timestamps cannot tell, since they come from the same clock as the event times.
 *
 * <p>A replay must decide as the first reading did. So the bound moves in steps, and a step is committed if it has
 * decided about any record of a replay. Each step goes a minute further than it must, and lasts until that minute is
 * reached. Steps become longer the further a replay reaches back. So their number grows with the logarithm of that.
 * Confined to one thread.
 */
final class AheadClock {
    /** How much further ahead than is allowed event times are believed, at least. */
    static final long MARGIN_MILLIS = 60_000;

    /** Some ten thousand years. */
    private static final int MOST_DOUBLINGS = 32;

    private final DecodingHistory decoding;
    private final long maxAhead;
    private AheadBounds bounds = AheadBounds.NONE;
    /** How many of them a replay has got to. */
    private int replayed;

    AheadClock(DecodingHistory decoding) {
        this.decoding = decoding;
        maxAhead = decoding.maxAhead();
    }

    /** A replay decides by these. */
    void restore(AheadBounds committed) {
        bounds = committed;
        replayed = 0;
        decoding.believeUpTo(DecodingHistory.BY_ITSELF);
    }

    /** The next record to be replayed has this offset. */
    void replayTo(long offset) {
        List<Step> steps = bounds.steps();
        while (replayed < steps.size() && steps.get(replayed).from() <= offset) {
            decoding.believeUpTo(steps.get(replayed).latest());
            replayed++;
        }
    }

    /**
     * Looks at the clock.
     *
     * @param wall milliseconds since the epoch
     * @param nextOffset of the next record to be read for the first time
     */
    void tick(long wall, long nextOffset) {
        if (maxAhead < 0) {
            return;
        }
        int known = bounds.steps().size();
        long length = MARGIN_MILLIS << Math.min(known, MOST_DOUBLINGS);
        long margin = known == 0 ? -1 : bounds.steps().get(known - 1).latest() - maxAhead - wall;
        // Much too far ahead only if the clock was set back.
        if (margin < MARGIN_MILLIS || margin > MARGIN_MILLIS + 2 * length) {
            bounds = bounds.with(new Step(nextOffset, wall + maxAhead + MARGIN_MILLIS + length));
            decoding.believeUpTo(bounds.steps().get(bounds.steps().size() - 1).latest());
        }
    }

    /** By how many milliseconds a time lies beyond what is believed now; 0 if it does not. */
    long beyond(long time, long wall) {
        return maxAhead < 0 ? 0 : Math.max(0, time - wall - maxAhead - 2 * MARGIN_MILLIS);
    }

    /** What is to be committed if a replay begins there. */
    AheadBounds committed(long recoveryOffset) {
        bounds = bounds.since(recoveryOffset);
        return decoding.lastByClock() >= recoveryOffset ? bounds : AheadBounds.NONE;
    }
}
