package io.tally.engine.slice;

/** The columns of rows that have a revision. */
public final class RevisionColumns {
    /** How many there are. */
    public static final int COUNT = 3;

    public static final int REVISION = 0;
    /** The revision that the state topic has. */
    public static final int STORED = 1;
    /** 1 + offset of the oldest change since the row last left, 0 if there is none. */
    public static final int UNSENT = 2;

    private RevisionColumns() {}
}
