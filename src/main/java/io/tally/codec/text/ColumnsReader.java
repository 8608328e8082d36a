package io.tally.codec.text;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import java.util.Arrays;

/**
 * Splits a line at single separators, as far as the last column that is needed; what follows is not looked at. Two
 * separators in a row enclose an empty column. The hot path of the default pipeline: one pass, no allocation.
 */
final class ColumnsReader implements FieldReader {
    private final byte separator;
    /** The slot of each column, up to the last one that is needed. */
    private final int[] slots;

    /** The slot of each of {@code columns} is its index in {@code fields}; columns that are not there are skipped. */
    ColumnsReader(ColumnsFormat columns, FieldNames fields) {
        separator = (byte) columns.separator();
        int needed = 0;
        int[] all = new int[columns.names().size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = fields.slotOrNone(columns.names().get(i));
            if (all[i] != FieldNames.NONE) {
                needed = i + 1;
            }
        }
        slots = Arrays.copyOf(all, needed);
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        fields.reset(bytes);
        int end = ByteScan.withoutLineEnd(value);
        int start = value.start();
        for (int slot : slots) {
            if (start > end) {
                return;
            }
            int stop = ByteScan.indexOf(bytes, start, end, separator);
            if (slot != FieldNames.NONE) {
                fields.set(slot, start, stop - start);
            }
            start = stop + 1;
        }
    }
}
