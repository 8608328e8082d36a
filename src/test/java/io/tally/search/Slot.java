package io.tally.search;

/**
 * A partition as an instance knows it.
 *
 * @param number of the memory of an active one; of the committed offset of one that is being restored
 * @param waits instances whose transactions must be decided in the state partition before it is read, as bits
 */
record Slot(Kind kind, int number, int waits) {
    enum Kind {
        /** Not its own. */
        NONE,
        /** Its own, and without memory. */
        ASSIGNED,
        /** The committed offset is read. */
        OFFSET_READ,
        /** The end of the state partition is known. */
        END_KNOWN,
        ACTIVE,
        /** Refused, since it was taken away in the middle of its restore. */
        REFUSED,
        /** Not its own any more, but with its memory; only with a bug. */
        PARKED
    }

    static final Slot NONE = new Slot(Kind.NONE, 0, 0);
    static final Slot ASSIGNED = new Slot(Kind.ASSIGNED, 0, 0);
    static final Slot REFUSED = new Slot(Kind.REFUSED, 0, 0);

    static Slot active(int memory) {
        return new Slot(Kind.ACTIVE, memory, 0);
    }

    Slot swapped() {
        return waits == 0 || waits == 3 ? this : new Slot(kind, number, 3 - waits);
    }

    boolean isActive() {
        return kind == Kind.ACTIVE;
    }

    /** Whether a restore is to begin or under way. */
    boolean isRestoring() {
        return kind == Kind.ASSIGNED || kind == Kind.OFFSET_READ || kind == Kind.END_KNOWN;
    }
}
