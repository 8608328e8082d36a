package io.tally.codec.framing;

/** What is one event. */
public enum Split {
    /** A record; one that shows that it holds several is a dead letter. */
    NONE,
    /** A record, whatever it holds: a log message with its stack trace, say. */
    WHOLE
}
