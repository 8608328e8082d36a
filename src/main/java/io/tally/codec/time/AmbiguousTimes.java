package io.tally.codec.time;

/**
 * Decides by {@link AmbiguousTime} which of two instants is meant. In order means: a log that goes on where clocks went
 * back shows it, since its times fall back by the length of the change. As the times of a log are never quite in order,
 * the nearer one counts: what lies less than half the change back is behind, what lies further back is of the second
 * pass. So the answer depends on the greatest event time before the record, which a replay must begin with.
 */
public final class AmbiguousTimes {
    /** Before the first record; half a change later is still before all times. */
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
     * @param length how long after that the second is
     */
    long choose(long earlier, long length) {
        return switch (choice) {
            case EARLIER -> earlier;
            case LATER -> earlier + length;
            case IN_ORDER -> latest > earlier + length / 2 ? earlier + length : earlier;
        };
    }

    /** A record had this event time, and was not a dead letter. */
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
