package io.tally.window;

/** When the rows of a window leave. */
public enum Emission {
    /** When the window closes. */
    FINAL,
    /** While the window grows, and when it closes. */
    UPDATES
}
