package io.tally.kafka.member;

import java.util.Locale;

/** What a person can do where many records are not counted for one reason. */
final class Remedies {
    private Remedies() {}

    /** In words that stand behind a colon. */
    static String of(String reason) {
        return switch (reason) {
            case "LATE" ->
                "their windows had closed: have a longer window.grace, or window.allowed-lateness; if the watermark is ahead"
                        + " of them all, a record with a time far ahead has moved it (timestamp.max-ahead, docs/windows.md)";
            case "EMPTY_VALUE" ->
                "they have no value: if they are tombstones of a CDC topic, set source.null-values to skip";
            case "MALFORMED", "MISSING_FIELD" ->
                "they do not have the form that is configured: compare source.format, columns, separator, pattern or fields"
                        + " with a record";
            case "BAD_TIMESTAMP" -> "compare timestamp.field and timestamp.format with a record";
            case "TIMESTAMP_OUT_OF_RANGE" ->
                "their event time is before timestamp.floor or further ahead than timestamp.max-ahead: is timestamp.format"
                        + " the right unit, and are the clocks right?";
            case "BAD_NUMBER" ->
                "a field that a function reads is no number: see source.missing and source.values, or the function's field";
            case "NULL_KEY" -> "they have no record key: name key.fields, which makes a shuffle";
            case "BAD_KEY" -> "their group key is empty, too long (key.max-bytes) or not UTF-8";
            case "KEY_MISMATCH" ->
                "the record key is not the group key: if it is JSON, such as a text in quotes, set key.record-key to json; if"
                        + " records are keyed by something else, set key.verify to false, which makes a shuffle";
            case "WRONG_PARTITION" ->
                "they are not where the partitioner that is configured would put their key: two clients write with different"
                        + " ones; have a shuffle, which goes by the group key";
            case "SEVERAL_EVENTS" -> "they hold several events: say by source.split how they are to be split";
            case "AGGREGATE_FAILED" -> "a function of yours refuses them";
            default -> "the records in the dead-letter topic say in their headers what is wrong";
        };
    }

    /** A reason among other words. */
    static String label(String reason) {
        return reason.equals("LATE") ? "late" : "dead letters, reason " + reason.toUpperCase(Locale.ROOT);
    }
}
