package io.tally.command.audit;

import io.tally.codec.SourceRecord;
import io.tally.kafka.transaction.SideRecords;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the headers of a record in a side topic say. */
final class SideView {
    private final Map<String, byte[]> headers = new HashMap<>();

    SideView(SourceRecord record) {
        record.headers((name, value) -> {
            if (value != null) {
                headers.put(name, value);
            }
        });
    }

    private @Nullable String text(String name) {
        byte[] value = headers.get(name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** Whether it is of this pipeline and source. */
    boolean isOf(String group, String topic) {
        return group.equals(text(SideRecords.ORIGINAL_GROUP)) && topic.equals(text(SideRecords.ORIGINAL_TOPIC));
    }

    /** Which event it was; null if it does not say that. */
    SideTable.@Nullable Coordinates coordinates() {
        byte[] partition = headers.get(SideRecords.ORIGINAL_PARTITION);
        byte[] offset = headers.get(SideRecords.ORIGINAL_OFFSET);
        String event = text(SideRecords.EVENT_NUMBER);
        if (partition == null || partition.length != Integer.BYTES || offset == null || offset.length != Long.BYTES) {
            return null;
        }
        try {
            return new SideTable.Coordinates(
                    ByteBuffer.wrap(partition).getInt(),
                    ByteBuffer.wrap(offset).getLong(),
                    event == null ? 0 : Integer.parseInt(event));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The times of a late record as one text. */
    static String meaning(String eventTime, String windowStart, String windowEnd, String watermark) {
        return eventTime + " in " + windowStart + " to " + windowEnd + " at " + watermark;
    }

    /** How it was late, as {@link #meaning}. */
    String lateness() {
        return meaning(
                String.valueOf(text(SideRecords.EVENT_TIME)),
                String.valueOf(text(SideRecords.WINDOW_START)),
                String.valueOf(text(SideRecords.WINDOW_END)),
                String.valueOf(text(SideRecords.WATERMARK)));
    }

    /** The event time of a late record as text, "" if it does not say it. */
    String eventTime() {
        String time = text(SideRecords.EVENT_TIME);
        return time == null ? "" : time;
    }

    /** Why it is a dead letter. */
    String reason() {
        return String.valueOf(text(SideRecords.REASON));
    }

    boolean isKeyCut() {
        return headers.containsKey(SideRecords.KEY_TRUNCATED_FROM);
    }

    boolean isValueCut() {
        return headers.containsKey(SideRecords.TRUNCATED_FROM);
    }
}
