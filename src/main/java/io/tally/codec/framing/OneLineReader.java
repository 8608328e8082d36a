package io.tally.codec.framing;

import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.LineEnds;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import org.jspecify.annotations.Nullable;

/** Refuses records of several lines, since a reader of one line would only see the first. */
final class OneLineReader implements FieldReader {
    private final FieldReader reader;
    private final LineEnds lineEnds;

    OneLineReader(FieldReader reader, LineEnds lineEnds) {
        this.reader = reader;
        this.lineEnds = lineEnds;
    }

    @Override
    public ByteRange payload(ByteRange value) {
        return reader.payload(value);
    }

    /** Looks at this first, so that no line is left out with the one before it. */
    @Override
    public boolean skips(ByteRange value) {
        byte[] bytes = value.bytes();
        int end = ByteScan.withoutLineEnds(value);
        if (!ByteScan.contains(bytes, value.start(), end, (byte) '\n')) {
            return reader.skips(value);
        }
        int firstEnd = lineEnds.next(bytes, value.start(), end);
        if (firstEnd == end) {
            return reader.skips(value);
        }
        if (reader.skipsLines(value)) {
            return true;
        }
        throw lineEnds.several(bytes, firstEnd, end);
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        reader.read(value, fields);
    }

    @Override
    public @Nullable String header() {
        return reader.header();
    }

    @Override
    public void resumeUnder(@Nullable String header) {
        reader.resumeUnder(header);
    }
}
