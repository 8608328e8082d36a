package io.tally.codec.time;

/**
 * Decides by {@link AmbiguousTime} which of two instants is meant. "In order" works like this: when clocks go back, the
 * times of a log fall back by the length of the change. A log is never quite in order, so the nearer instant counts. A
 * time less than half the change back is only out of order; a time further back is of the second pass. So the answer
 * depends on the greatest event time before the record, and a replay must begin with that.
 */
public final class AmbiguousTimes {
    /** Before the first record. Half a change later than this is still before all times. */
    static final long NONE = Long.MIN_VALUE;

    private final AmbiguousTime choice;
    private long latest = NONE;

    public AmbiguousTimes(AmbiguousTime choice) {
        this.choice = choice;
    }

    /**
     * The instant that is meant.
     *
     * @param earlier the first one
     * @param length how much later the second one is
     */
    long choose(long earlier, long length) {
        return switch (choice) {
            case EARLIER -> earlier;
            case LATER -> earlier + length;
            case IN_ORDER -> latest > earlier + length / 2 ? earlier + length : earlier;
        };
    }

    /** Notes the event time of a record that was not a dead letter. */
    public void seen(long time) {
        if (time > latest) {
            latest = time;
        }
    }

    /** From now on this is the greatest time seen. */
    public void resumeAfter(long time) {
        latest = time;
    }

    /** The greatest time seen, {@link #NONE} if there was none. */
    public long latest() {
        return latest;
    }
}
