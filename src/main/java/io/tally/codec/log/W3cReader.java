package io.tally.codec.log;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import io.tally.setting.Setting;

/** Splits a line at blanks, or at tabs if there are any, into exactly the declared fields. */
final class W3cReader implements FieldReader {
    private final W3cFormat format;
    private final int[] slots;

    W3cReader(W3cFormat format, FieldNames fields) {
        this.format = format;
        slots = format.names().stream().mapToInt(fields::slotOrNone).toArray();
    }

    @Override
    public boolean skips(ByteRange value) {
        byte[] bytes = value.bytes();
        int start = value.start();
        if (value.length() == 0 || bytes[start] != '#') {
            return false;
        }
        format.checkLine(bytes, start, ByteScan.withoutLineEnds(value) - start);
        return true;
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        int end = ByteScan.withoutLineEnds(value);
        boolean tabs = ByteScan.indexOf(bytes, value.start(), end, (byte) '\t') < end;
        byte separator = (byte) (tabs ? '\t' : ' ');
        fields.reset(bytes);
        int start = value.start();
        int found = 0;
        while (start <= end) {
            int stop = ByteScan.indexOf(bytes, start, end, separator);
            if (found < slots.length && slots[found] != FieldNames.NONE) {
                fields.set(slots[found], start, stop - start);
            }
            found++;
            start = stop + 1;
        }
        if (found != slots.length) {
            throw new RejectedException(
                    Reason.MALFORMED,
                    "a line of " + found + " fields, but " + Setting.SOURCE_COLUMNS + " has " + slots.length + ": "
                            + Excerpt.quote(bytes, value.start(), end - value.start()));
        }
    }
}
