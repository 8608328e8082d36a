package io.tally.codec;

import io.tally.codec.Rejection.Reason;
import java.util.List;

/** Finds the fields of a line by the named groups of a regular expression. */
final class PatternReader implements FieldReader {
    private final BoundedRegex regex;
    private final List<String> names;

    /** The slot of a group is its name's index in {@code names}. */
    PatternReader(SourceFormat.Pattern pattern, FieldNames names) {
        this.regex = new BoundedRegex(pattern.regex());
        this.names = List.copyOf(names.names());
    }

    @Override
    public void read(byte[] value, Fields fields) {
        fields.reset(value);
        int end = ByteScan.withoutLineEnd(value);
        if (!regex.lookingAt(value, 0, end)) {
            throw new RejectedException(
                    Reason.MALFORMED, "line that the pattern does not match: " + Excerpt.quote(value, 0, end));
        }
        for (int slot = 0; slot < names.size(); slot++) {
            String name = names.get(slot);
            int start = regex.start(name);
            if (start >= 0) {
                fields.set(slot, start, regex.end(name) - start);
            }
        }
    }
}
