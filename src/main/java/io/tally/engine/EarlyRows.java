package io.tally.engine;

/** Rows of an engine that leave before their windows close, as updates. */
public interface EarlyRows {
    /** Rows leave when their windows close. */
    EarlyRows NONE = new EarlyRows() {
        @Override
        public long oldestUnsent() {
            return WindowEngine.NOTHING_DIRTY;
        }

        @Override
        public long send(long changedBefore, int limit, WindowOutput rows) {
            return WindowEngine.NOTHING_SENT;
        }
    };

    /** Offset of the oldest change that no row has shown, {@link WindowEngine#NOTHING_DIRTY} if none. */
    long oldestUnsent();

    /**
     * Sends rows that have an unshown change before an offset, the oldest change first. Nothing else knows that they
     * left at this moment. So a recovery that replays these changes must be told by
     * {@link EngineRestore#replayEarlyRows}.
     *
     * @param limit the most rows to send, except that a record's rows leave together; not for sessions
     * @return the offset before which all changes have been shown, {@link WindowEngine#NOTHING_SENT} if no row left
     */
    long send(long changedBefore, int limit, WindowOutput rows);
}
