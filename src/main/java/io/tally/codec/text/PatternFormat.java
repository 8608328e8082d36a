package io.tally.codec.text;

import io.tally.codec.BoundedRegex;
import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.SourceFormat;
import java.util.Collection;
import java.util.List;

/**
 * A line described by a regular expression ({@link java.util.regex.Pattern}) whose named groups are the fields. It must
 * match at the start of the line; what follows the match is ignored. A group that took no part in the match is a
 * missing field.
 *
 * <p>Two limits keep a hostile line from stopping a lane: lines of more than 8192 bytes and matches that look at more
 * than a million characters (catastrophic backtracking) are malformed. The expression sees one character per byte, so
 * it must be written in ASCII; {@code [^ ]+} and the like match UTF-8 text byte by byte.
 *
 * @param regex for example {@code (?<time>\S+) (?<ip>\S+)}
 */
public record PatternFormat(String regex) implements SourceFormat {
    public PatternFormat {
        if (BoundedRegex.groupNames(regex, "pattern").isEmpty()) {
            throw new IllegalArgumentException("pattern has no named group, so it yields no field: " + regex
                    + "; for example (?<time>\\S+) (?<ip>\\S+)");
        }
    }

    @Override
    public Collection<String> fieldNames() {
        return BoundedRegex.groupNames(regex, "pattern");
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return new PatternReader(this, needed);
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public List<Fact> facts() {
        return List.of(new Fact("pattern", List.of(regex)));
    }
}
