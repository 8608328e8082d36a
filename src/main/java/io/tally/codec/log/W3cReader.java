package io.tally.codec.log;

import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Splits a line at blanks, or at tabs if there are any, into exactly the fields of the header in force. */
final class W3cReader implements FieldReader {
    private final List<String> configured;
    private final FieldNames needed;
    private W3cHeader header;

    /** @param configured the fields of the lines before the first header; empty if nobody knows them */
    W3cReader(List<String> configured, FieldNames needed) {
        this.configured = configured;
        this.needed = needed;
        header = W3cHeader.none(configured, needed);
    }

    @Override
    public boolean skips(ByteRange value) {
        return value.length() > 0 && value.bytes()[value.start()] == '#' && skipsLines(value);
    }

    /** A header counts wherever it stands, even if the other lines of its record cannot. */
    @Override
    public boolean skipsLines(ByteRange value) {
        byte[] bytes = value.bytes();
        boolean comments = true;
        for (int start = value.start(); start < value.end(); ) {
            int next = ByteScan.indexOf(bytes, start, value.end(), (byte) '\n');
            int end = ByteScan.withoutLineEnds(bytes, start, next);
            if (end > start && bytes[start] == '#') {
                W3cHeader read = W3cHeader.read(bytes, start, end, needed);
                header = read == null ? header : read;
            } else {
                comments &= end == start;
            }
            start = next + 1;
        }
        return comments;
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        int end = ByteScan.withoutLineEnds(value);
        if (header.problem != null) {
            throw new RejectedException(header.reason, header.problem);
        }
        int[] slots = header.slots;
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
                    "a line of " + found + " fields, but " + header.origin() + " has " + slots.length + ": "
                            + Excerpt.quote(bytes, value.start(), end - value.start()));
        }
    }

    @Override
    public String header() {
        return header.text;
    }

    @Override
    public void resumeUnder(@Nullable String committed) {
        header =
                committed == null ? W3cHeader.none(configured, needed) : W3cHeader.parse(committed, configured, needed);
    }
}
