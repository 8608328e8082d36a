package io.tally.codec.framing;

import io.tally.codec.BoundedRegex;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Leaves out what a {@link Skip} names before it is read. Only what the format itself leaves out is found before that.
 */
final class SkippingReader implements FieldReader {
    private final FieldReader reader;
    private final byte[][] prefixes;
    private final @Nullable BoundedRegex pattern;

    SkippingReader(FieldReader reader, Skip skip) {
        this.reader = reader;
        prefixes = skip.prefixes().stream()
                .map(prefix -> prefix.getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
        pattern = skip.pattern() == null ? null : new BoundedRegex(skip.pattern());
    }

    @Override
    public ByteRange payload(ByteRange value) {
        return reader.payload(value);
    }

    /** The format comes first: a header counts, although it may look like what is left out. */
    @Override
    public boolean skips(ByteRange value) {
        if (reader.skips(value)) {
            return true;
        }
        byte[] bytes = value.bytes();
        int start = value.start();
        for (byte[] prefix : prefixes) {
            if (value.length() >= prefix.length && ByteScan.equal(bytes, start, prefix, 0, prefix.length)) {
                return true;
            }
        }
        return pattern != null && pattern.lookingAt(bytes, start, ByteScan.withoutLineEnds(value) - start);
    }

    @Override
    public boolean skipsLines(ByteRange value) {
        return reader.skipsLines(value);
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
