package io.tally.codec.framing;

/** What is one event. */
public enum Split {
    /** A record. A record that visibly holds several events is a dead letter. */
    NONE,
    /** A record, whatever it holds, such as a log message with its stack trace. */
    WHOLE,
    /** A line that is not empty. */
    LINES,
    /** An element of a JSON array. A record with any other JSON document is one event. */
    ARRAY,
    /** Each of the JSON documents that follow one another, with or without white space between them. */
    VALUES
}
