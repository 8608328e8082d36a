package io.tally.codec.text;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.LineEnds;
import io.tally.codec.SourceFormat;
import io.tally.codec.bytes.Excerpt;
import io.tally.setting.Setting;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A line of columns with one separator between two of them. The rest of the line behind the last declared column is
 * ignored, and so are line ends at the end. Two separators in a row enclose an empty column.
 *
 * @param names names of the columns in their order, all different
 * @param separator one ASCII character other than a line end
 * @param quote what quotes mean; not the separator
 */
public record ColumnsFormat(List<String> names, char separator, Quote quote) implements SourceFormat {
    private static final String SEPARATORS = "; for example \" \", \",\" or \"\\t\"";

    public ColumnsFormat {
        names = List.copyOf(names);
        if (names.isEmpty()) {
            throw new IllegalArgumentException("columns must name at least one column, for example [time, ip]");
        }
        Set<String> seen = new HashSet<>();
        for (String name : names) {
            SourceFormat.requireName(name, "columns");
            if (!seen.add(name)) {
                throw new IllegalArgumentException(
                        "columns must have different names, but '" + name + "' is there twice in " + names);
            }
        }
        if (separator >= 128 || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException("separator must be one ASCII character other than a line end, not "
                    + Excerpt.quote(String.valueOf(separator)) + SEPARATORS);
        }
        if (quote.encloses() && quote.character() == separator) {
            throw new IllegalArgumentException(
                    "quote must not be the separator " + Excerpt.quote(String.valueOf(separator)));
        }
    }

    /** Columns without quotes. */
    public ColumnsFormat(List<String> names, char separator) {
        this(names, separator, Quote.UNEXPECTED);
    }

    /**
     * The same as the constructor, with the separator as a text.
     *
     * @throws IllegalArgumentException if the separator is not exactly one ASCII character
     */
    public static ColumnsFormat of(List<String> names, String separator, Quote quote) {
        if (separator.length() != 1) {
            throw new IllegalArgumentException(
                    "separator must be one ASCII character, not " + Excerpt.quote(separator) + SEPARATORS);
        }
        return new ColumnsFormat(names, separator.charAt(0), quote);
    }

    @Override
    public Collection<String> fieldNames() {
        return names;
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return quote.encloses() ? new QuotedColumnsReader(this, needed) : new ColumnsReader(this, needed, false);
    }

    @Override
    public @Nullable FieldReader newOneLineReader(FieldNames needed) {
        return quote.encloses() ? null : new ColumnsReader(this, needed, true);
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public LineEnds lineEnds() {
        byte character = quote.asByte();
        return quote.encloses()
                ? (bytes, from, to) -> QuotedColumnsReader.lineEnd(bytes, from, to, character)
                : LineEnds.LINE_FEEDS;
    }

    @Override
    public List<Fact> facts() {
        Fact separated = new Fact("separator", List.of(String.valueOf(separator)));
        Fact named = new Fact("columns", names);
        // What was before there was a choice has no fact.
        return switch (quote.meaning()) {
            case UNEXPECTED -> List.of(separated, named);
            case ORDINARY -> List.of(separated, named, new Fact("quote", List.of()));
            case ENCLOSING -> List.of(separated, named, new Fact("quote", List.of(String.valueOf(quote.character()))));
        };
    }

    /** A column ends at the first separator, so a time that contains one can never be read, unless it is quoted. */
    @Override
    public void requireReadable(String timeFormat, String sample) {
        if (!quote.encloses() && sample.indexOf(separator) >= 0) {
            throw new IllegalArgumentException(
                    Setting.TIMESTAMP_FORMAT + " '" + timeFormat + "' gives times like '" + sample
                            + "', which the column separator '" + separator
                            + "' cuts in two; use another separator, or a pattern instead of columns");
        }
    }
}
