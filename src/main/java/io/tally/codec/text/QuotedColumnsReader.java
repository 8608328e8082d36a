package io.tally.codec.text;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;

/**
 * Columns as in RFC 4180. A column that begins with a quote ends at the next quote that is not doubled. It may hold
 * separators and line ends, and doubled quotes in it mean one quote. Elsewhere there are no quotes. A line without
 * quotes is left to the reader of plain columns.
 */
final class QuotedColumnsReader implements FieldReader {
    private final ColumnsReader plain;
    private final byte separator;
    private final byte quote;
    private final int[] slots;
    /** The columns one after the other, without their quotes; never longer than the line. */
    private byte[] texts = new byte[256];

    private int used;

    QuotedColumnsReader(ColumnsFormat columns, FieldNames fields) {
        plain = new ColumnsReader(columns, fields, false);
        separator = (byte) columns.separator();
        quote = columns.quote().asByte();
        slots = ColumnsReader.neededSlots(columns, fields);
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        int end = ByteScan.withoutLineEnds(value);
        if (ByteScan.indexOf(bytes, value.start(), end, quote) == end) {
            plain.read(value, fields);
            return;
        }
        if (texts.length < end - value.start()) {
            texts = new byte[end - value.start()];
        }
        used = 0;
        fields.reset(texts);
        int start = value.start();
        for (int slot : slots) {
            if (start > end) {
                return;
            }
            int from = used;
            int stop = start < end && bytes[start] == quote ? quoted(bytes, start, end) : unquoted(bytes, start, end);
            if (slot != FieldNames.NONE) {
                fields.set(slot, from, used - from);
            }
            start = stop + 1;
        }
    }

    private int unquoted(byte[] bytes, int start, int end) {
        int stop = ByteScan.indexOf(bytes, start, end, separator);
        if (ByteScan.indexOf(bytes, start, stop, quote) < stop) {
            throw malformed("a quote within a column that does not begin with one", bytes, start, end);
        }
        append(bytes, start, stop);
        return stop;
    }

    /** Where the column ends that begins with a quote at {@code start}. */
    private int quoted(byte[] bytes, int start, int end) {
        int from = start + 1;
        while (true) {
            int next = ByteScan.indexOf(bytes, from, end, quote);
            if (next == end) {
                throw malformed("a column without a closing quote", bytes, start, end);
            }
            if (next + 1 == end || bytes[next + 1] == separator) {
                append(bytes, from, next);
                return next + 1;
            }
            if (bytes[next + 1] != quote) {
                throw malformed("text between a closing quote and the separator", bytes, start, end);
            }
            append(bytes, from, next + 1);
            from = next + 2;
        }
    }

    private void append(byte[] bytes, int from, int to) {
        System.arraycopy(bytes, from, texts, used, to - from);
        used += to - from;
    }

    private RejectedException malformed(String what, byte[] bytes, int start, int end) {
        return new RejectedException(
                Reason.MALFORMED,
                what + " (a quote in a quoted column is written twice, RFC 4180): "
                        + Excerpt.quote(bytes, start, end - start));
    }

    /** As {@link io.tally.codec.LineEnds}: line feeds within a quoted column end nothing. */
    static int lineEnd(byte[] bytes, int from, int to, byte quote) {
        int start = from;
        int end = -1;
        while (true) {
            if (end < start) {
                // Once per line feed, not once per quote: a value of a million quotes is one line.
                end = ByteScan.indexOf(bytes, start, to, (byte) '\n');
            }
            int open = ByteScan.indexOf(bytes, start, end, quote);
            if (open == end) {
                return end;
            }
            int close = ByteScan.indexOf(bytes, open + 1, to, quote);
            if (close == to) {
                // The quote is never closed. This line is malformed, but the lines after it are not.
                return end;
            }
            start = close + 1;
        }
    }
}
