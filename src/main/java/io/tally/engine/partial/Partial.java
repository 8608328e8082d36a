package io.tally.engine.partial;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.window.WindowSpec;

/**
 * Events of one key that another engine has already folded: accumulators, and the event times they span. Mutable and
 * reused, like {@link Event}, so it must be folded at once.
 */
public final class Partial {
    private static final byte[] EMPTY = new byte[0];

    private long minTime;
    private long maxTime;
    private byte[] keyBuffer = EMPTY;
    private int keyStart;
    private int keyLength;
    private StateInput accumulators = new StateInput(EMPTY);

    /**
     * Earliest event time in milliseconds since the epoch; the slice's start where windows have slices, and the
     * watermark at the first event where {@link WindowSpec#hasPartialsByWatermark}.
     */
    public long minTime() {
        return minTime;
    }

    /** Latest event time in milliseconds since the epoch; the slice's start where windows have slices. */
    public long maxTime() {
        return maxTime;
    }

    public void times(long min, long max) {
        this.minTime = min;
        this.maxTime = max;
    }

    /** Sets the group key to a range of a buffer; the buffer is not copied. */
    public void key(byte[] buffer, int start, int length) {
        this.keyBuffer = buffer;
        this.keyStart = start;
        this.keyLength = length;
    }

    public byte[] keyBuffer() {
        return keyBuffer;
    }

    public int keyStart() {
        return keyStart;
    }

    public int keyLength() {
        return keyLength;
    }

    /** Positioned at what {@link PartialRow#writeAccumulators} wrote. The engine that folds it reads exactly that. */
    public StateInput accumulators() {
        return accumulators;
    }

    public void accumulators(StateInput input) {
        this.accumulators = input;
    }
}
