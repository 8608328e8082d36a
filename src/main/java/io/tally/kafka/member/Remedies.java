package io.tally.kafka.member;

import io.tally.setting.Setting;
import java.util.Locale;

/** What a person can do where many records are not counted for one reason. */
final class Remedies {
    private Remedies() {}

    /** The remedy, in words that can follow a colon. */
    static String of(String reason) {
        return switch (reason) {
            case "LATE" ->
                "their windows had closed: have a longer " + Setting.WINDOW_GRACE + ", or "
                        + Setting.WINDOW_ALLOWED_LATENESS + "; if the watermark is ahead"
                        + " of them all, a record with a time far ahead has moved it (" + Setting.TIMESTAMP_MAX_AHEAD
                        + ", docs/windows.md)";
            case "EMPTY_VALUE" ->
                "they have no value: if they are tombstones of a CDC topic, set " + Setting.SOURCE_NULL_VALUES
                        + " to skip";
            case "MALFORMED", "MISSING_FIELD" ->
                "they do not have the form that is configured: compare " + Setting.SOURCE_FORMAT
                        + ", columns, separator, pattern or fields" + " with a record";
            case "BAD_TIMESTAMP" ->
                "compare " + Setting.TIMESTAMP_FIELD + " and " + Setting.TIMESTAMP_FORMAT + " with a record";
            case "TIMESTAMP_OUT_OF_RANGE" ->
                "their event time is before " + Setting.TIMESTAMP_FLOOR + " or further ahead than "
                        + Setting.TIMESTAMP_MAX_AHEAD + ": is " + Setting.TIMESTAMP_FORMAT
                        + " the right unit, and are the clocks right?";
            case "BAD_NUMBER" ->
                "a field that a function reads is no number: see " + Setting.SOURCE_MISSING + " and "
                        + Setting.SOURCE_VALUES + ", or the function's field";
            case "NULL_KEY" -> "they have no record key: name " + Setting.KEY_FIELDS + ", which makes a shuffle";
            case "BAD_KEY" -> "their group key is empty, too long (" + Setting.KEY_MAX_BYTES + ") or not UTF-8";
            case "KEY_MISMATCH" ->
                "the record key is not the group key: if it is JSON, such as a text in quotes, set "
                        + Setting.KEY_RECORD_KEY + " to json; if" + " records are keyed by something else, set "
                        + Setting.KEY_VERIFY + " to false, which makes a shuffle";
            case "WRONG_PARTITION" ->
                "they are not where the partitioner that is configured would put their key: clients write with different"
                        + " partitioners; use a shuffle, which goes by the group key";
            case "SEVERAL_EVENTS" ->
                "they hold several events: say by " + Setting.SOURCE_SPLIT + " how they are to be split";
            case "TOO_LARGE" ->
                "they are longer, or hold more events, than " + Setting.SOURCE_MAX_BYTES + " and "
                        + Setting.SOURCE_MAX_EVENTS + " allow";
            case "AGGREGATE_FAILED" -> "a function of yours refuses them";
            default -> "the records in the dead-letter topic say in their headers what is wrong";
        };
    }

    /** A reason among other words. */
    static String label(String reason) {
        return reason.equals("LATE") ? "late" : "dead letters, reason " + reason.toUpperCase(Locale.ROOT);
    }
}
