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
 * <p>Two limits keep a hostile line from stopping a lane. A line is malformed if the match would have to look at more
 * bytes than a limit, or if it looks more often than 250,000 times (catastrophic backtracking). The expression sees one
 * character per byte, so it must be written in ASCII; {@code [^ ]+} and the like match UTF-8 text byte by byte.
 *
 * @param regex for example {@code (?<time>\S+) (?<ip>\S+)}
 * @param maxInput how many bytes of a line are looked at; the rest may be as long as it likes if the match does not
 *     depend on it
 */
public record PatternFormat(String regex, int maxInput) implements SourceFormat {
    public PatternFormat {
        if (maxInput < 1 || maxInput > BoundedRegex.MOST_INPUT) {
            throw new IllegalArgumentException("must be 1 to " + BoundedRegex.MOST_INPUT);
        }
        if (BoundedRegex.groupNames(regex, "pattern").isEmpty()) {
            throw new IllegalArgumentException("pattern has no named group, so it yields no field: " + regex
                    + "; for example (?<time>\\S+) (?<ip>\\S+)");
        }
    }

    /** A pattern with the usual limit. */
    public PatternFormat(String regex) {
        this(regex, BoundedRegex.MAX_INPUT);
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
        Fact pattern = new Fact("pattern", List.of(regex));
        // What was before there was a choice has no fact.
        return maxInput == BoundedRegex.MAX_INPUT
                ? List.of(pattern)
                : List.of(pattern, new Fact("max-match-bytes", List.of(String.valueOf(maxInput))));
    }
}
