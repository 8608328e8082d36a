package io.tally.codec.framing;

/** What is one event. */
public enum Split {
    /** A record; one that shows that it holds several is a dead letter. */
    NONE,
    /** A record, whatever it holds: a log message with its stack trace, say. */
    WHOLE,
    /** A line that is not empty. */
    LINES,
    /** An element of a JSON array; or a record that holds another JSON document. */
    ARRAY,
    /** Each of the JSON documents that follow one another, with or without white space between them. */
    VALUES
}
