package io.tally.command.recount;

import io.tally.codec.SourceRecord;
import io.tally.kafka.transaction.SideRecords;
import io.tally.plan.PipelineDefinition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What the headers of a record in a side topic say. */
public final class SideView {
    private final Map<String, byte[]> headers = new HashMap<>();

    /** Reads the headers of a record, which need not live longer. */
    public SideView(SourceRecord record) {
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

    /** Which event of a pipeline's source it was; null if it is none, or does not say which. */
    public @Nullable Coordinates coordinatesIn(PipelineDefinition pipeline) {
        boolean isOfPipeline = pipeline.groupId().equals(text(SideRecords.ORIGINAL_GROUP))
                && pipeline.topics().source().equals(text(SideRecords.ORIGINAL_TOPIC));
        return isOfPipeline ? coordinates() : null;
    }

    private @Nullable Coordinates coordinates() {
        byte[] partition = headers.get(SideRecords.ORIGINAL_PARTITION);
        byte[] offset = headers.get(SideRecords.ORIGINAL_OFFSET);
        String event = text(SideRecords.EVENT_NUMBER);
        if (partition == null || partition.length != Integer.BYTES || offset == null || offset.length != Long.BYTES) {
            return null;
        }
        try {
            return new Coordinates(
                    ByteBuffer.wrap(partition).getInt(),
                    ByteBuffer.wrap(offset).getLong(),
                    event == null ? 0 : Integer.parseInt(event));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The times of a late record as one text. */
    public static String meaning(String eventTime, String windowStart, String windowEnd, String watermark) {
        return eventTime + " in " + windowStart + " to " + windowEnd + " at " + watermark;
    }

    /** How it was late, as {@link #meaning}. */
    public String lateness() {
        return meaning(
                String.valueOf(text(SideRecords.EVENT_TIME)),
                String.valueOf(text(SideRecords.WINDOW_START)),
                String.valueOf(text(SideRecords.WINDOW_END)),
                String.valueOf(text(SideRecords.WATERMARK)));
    }

    /** The event time of a late record as text, "" if it does not say it. */
    public String eventTime() {
        String time = text(SideRecords.EVENT_TIME);
        return time == null ? "" : time;
    }

    /** The watermark at a late record as text. */
    public String watermark() {
        return String.valueOf(text(SideRecords.WATERMARK));
    }

    /** The timestamp in the source; {@code otherwise} if it does not say it. */
    long timestamp(long otherwise) {
        byte[] time = headers.get(SideRecords.ORIGINAL_TIMESTAMP);
        return time == null || time.length != Long.BYTES
                ? otherwise
                : ByteBuffer.wrap(time).getLong();
    }

    /** Who has set the timestamp in the source; {@code otherwise} if it does not say it. */
    String timestampType(String otherwise) {
        String type = text(SideRecords.ORIGINAL_TIMESTAMP_TYPE);
        return type == null ? otherwise : type;
    }

    /** Why it is a dead letter. */
    public String reason() {
        return String.valueOf(text(SideRecords.REASON));
    }

    /** Whether redrive has put it at the end of its topic again. */
    public boolean isRequeued() {
        return headers.containsKey(RedriveMark.REQUEUED);
    }

    public boolean isKeyCut() {
        return headers.containsKey(SideRecords.KEY_TRUNCATED_FROM);
    }

    public boolean isValueCut() {
        return headers.containsKey(SideRecords.TRUNCATED_FROM);
    }
}
