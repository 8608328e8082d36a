package io.tally.codec.key;

/** How record keys are written. */
public enum RecordKeyForm {
    /** The bytes are the key. */
    TEXT,
    /** A JSON text, whose value is the key: {@code "u1"} is u1, 17 is 17, {@code ["a", "b"]} a key of two fields. */
    JSON
}
