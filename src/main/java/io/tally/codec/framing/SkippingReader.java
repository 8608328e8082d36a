package io.tally.codec.framing;

import io.tally.codec.BoundedRegex;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Leaves out what a {@link Skip} says, before anything of it is read. */
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
    public boolean skips(ByteRange value) {
        byte[] bytes = value.bytes();
        int start = value.start();
        for (byte[] prefix : prefixes) {
            if (value.length() >= prefix.length && ByteScan.equal(bytes, start, prefix, 0, prefix.length)) {
                return true;
            }
        }
        return (pattern != null && pattern.lookingAt(bytes, start, ByteScan.withoutLineEnds(value) - start))
                || reader.skips(value);
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        reader.read(value, fields);
    }
}
