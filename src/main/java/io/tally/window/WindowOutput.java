package io.tally.window;

/** What the engine hands out when windows close; called in order of window end, then of the keys' first appearance. */
public interface WindowOutput {
    /** The final row of one key in one window. */
    void result(WindowResult result);

    /** An entry that was written to the state topic is of no more use and must be deleted there. */
    void forget(StateEntry entry);
}
