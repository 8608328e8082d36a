package io.tally.codec.sink;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Reads the window that a {@link JsonEncoder} writes at the beginning of a row; the record key is the group key. */
final class JsonRowReader implements RowReader {
    private static final String START = "{\"windowStart\":\"";
    private static final String END = "\",\"windowEnd\":\"";
    /** Longer than any two times with their names. */
    private static final int LONGEST = 120;

    @Override
    public @Nullable Place read(byte @Nullable [] key, byte @Nullable [] value) {
        if (key == null || value == null) {
            return null;
        }
        String text = new String(value, 0, Math.min(value.length, LONGEST), StandardCharsets.ISO_8859_1);
        int end = text.indexOf(END);
        int behind = end < 0 ? -1 : text.indexOf('"', end + END.length());
        if (!text.startsWith(START) || behind < 0) {
            return null;
        }
        try {
            return new Place(
                    Instant.parse(text.substring(START.length(), end)).toEpochMilli(),
                    Instant.parse(text.substring(end + END.length(), behind)).toEpochMilli(),
                    key);
        } catch (DateTimeException | ArithmeticException e) {
            return null;
        }
    }
}
