package io.tally.codec.text;

import io.tally.codec.BoundedRegex;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.Fields;
import io.tally.codec.RejectedException;
import io.tally.codec.Rejection.Reason;
import io.tally.codec.bytes.ByteRange;
import io.tally.codec.bytes.ByteScan;
import io.tally.codec.bytes.Excerpt;
import java.util.List;

/** Finds the fields of a line by the named groups of a regular expression. */
final class PatternReader implements FieldReader {
    private final BoundedRegex regex;
    private final List<String> names;

    /** The slot of a group is its name's index in {@code names}. */
    PatternReader(PatternFormat pattern, FieldNames names) {
        this.regex = new BoundedRegex(pattern.regex(), pattern.maxInput());
        this.names = List.copyOf(names.names());
    }

    @Override
    public void read(ByteRange value, Fields fields) {
        byte[] bytes = value.bytes();
        int start = value.start();
        fields.reset(bytes);
        int length = ByteScan.withoutLineEnds(value) - start;
        if (!regex.lookingAt(bytes, start, length)) {
            throw new RejectedException(
                    Reason.MALFORMED, "line that the pattern does not match: " + Excerpt.quote(bytes, start, length));
        }
        for (int slot = 0; slot < names.size(); slot++) {
            String name = names.get(slot);
            int from = regex.start(name);
            if (from >= 0) {
                fields.set(slot, start + from, regex.end(name) - from);
            }
        }
    }
}
