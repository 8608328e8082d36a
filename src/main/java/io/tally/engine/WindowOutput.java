package io.tally.engine;

import io.tally.engine.row.StateEntry;

/** Receives what the engine hands out. Rows of closing windows come in the order of the windows' ends. */
public interface WindowOutput {
    /** Takes nothing. */
    WindowOutput NONE = new WindowOutput() {
        @Override
        public void result(WindowResult result) {}

        @Override
        public void forget(StateEntry entry) {}
    };

    /** A row for one key in one window. */
    void result(WindowResult result);

    /**
     * Whether another row or tombstone fits into the transaction; if not, it leaves in the next one.
     *
     * @param besides tombstones that will leave in the transaction though they have not been handed out yet
     */
    default boolean hasRoom(int besides) {
        return true;
    }

    /** Whether another row or tombstone fits into the transaction; if not, it leaves in the next one. */
    default boolean hasRoom() {
        return hasRoom(0);
    }

    /** Whether rows have left before. Then they are only counted again, and no limit of entries applies. */
    default boolean hasLeft() {
        return false;
    }

    /** An entry that was written to the state topic is of no more use and must be deleted there. */
    void forget(StateEntry entry);
}
