package io.tally.codec.text;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.LineEnds;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import io.tally.setting.Setting;
import java.util.Arrays;

/**
 * Splits a line at single separators, up to the last column that is needed; the rest is only looked at for further
 * lines, if these are refused. Two separators in a row enclose an empty column. Quotes are looked for only at the
 * borders of columns. The hot path of the default pipeline: one pass, no allocation.
 */
final class ColumnsReader implements FieldReader {
    private final byte separator;
    private final byte quote;
    private final boolean refusesQuotes;
    /** What ends a line, if further lines are refused; otherwise the separator. */
    private final byte lineEnd;

    /** The slot of each column, up to the last needed one. */
    private final int[] slots;

    /**
     * The slot of each of {@code columns} is its index in {@code fields}; columns that are not there are skipped.
     *
     * @param oneLine whether values of several lines are refused
     */
    ColumnsReader(ColumnsFormat columns, FieldNames fields, boolean oneLine) {
        separator = (byte) columns.separator();
        lineEnd = oneLine ? (byte) '\n' : separator;
        quote = columns.quote().asByte();
        refusesQuotes = columns.quote().meaning() == Quote.Meaning.UNEXPECTED;
        slots = neededSlots(columns, fields);
    }

    /** The slot of each column, {@link FieldNames#NONE} if nothing needs it, up to the last one that is needed. */
    static int[] neededSlots(ColumnsFormat columns, FieldNames fields) {
        int needed = 0;
        int[] all = new int[columns.names().size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = fields.slotOrNone(columns.names().get(i));
            if (all[i] != FieldNames.NONE) {
                needed = i + 1;
            }
        }
        return Arrays.copyOf(all, needed);
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        fields.reset(bytes);
        int end = ByteScan.withoutLineEnds(value);
        int start = value.start();
        for (int slot : slots) {
            if (start > end) {
                return;
            }
            int stop = ByteScan.indexOfEither(bytes, start, end, separator, lineEnd);
            if (stop < end && bytes[stop] != separator) {
                throw LineEnds.LINE_FEEDS.several(bytes, stop, end);
            }
            if (refusesQuotes && start < stop && (bytes[start] == quote || bytes[stop - 1] == quote)) {
                throw quoted(bytes, start, stop);
            }
            if (slot != FieldNames.NONE) {
                fields.set(slot, start, stop - start);
            }
            start = stop + 1;
        }
        if (lineEnd != separator && start < end && ByteScan.contains(bytes, start, end, lineEnd)) {
            throw LineEnds.LINE_FEEDS.several(bytes, LineEnds.LINE_FEEDS.next(bytes, start, end), end);
        }
    }

    /** What is enclosed in quotes may hold separators, so that all columns from there on would be the wrong ones. */
    private static RejectedException quoted(byte[] bytes, int start, int stop) {
        return new RejectedException(
                Reason.MALFORMED,
                "a column has a quote at its border: " + Excerpt.quote(bytes, start, stop - start) + "; set "
                        + Setting.SOURCE_QUOTE
                        + ": '\"' if columns are quoted, none if quotes are characters like others");
    }
}
