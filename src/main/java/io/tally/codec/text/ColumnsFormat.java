package io.tally.codec.text;

import io.tally.codec.Fact;
import io.tally.codec.FieldNames;
import io.tally.codec.FieldReader;
import io.tally.codec.SourceFormat;
import io.tally.codec.bytes.Excerpt;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A line of columns with one separator between two of them; what follows the last declared column is ignored, and so is
 * one line terminator at the end. Two separators in a row enclose an empty column.
 *
 * @param names names of the columns in their order, all different
 * @param separator one ASCII character other than a line terminator
 */
public record ColumnsFormat(List<String> names, char separator) implements SourceFormat {
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
    }

    /**
     * As the constructor, with the separator as a text.
     *
     * @throws IllegalArgumentException if the separator is not exactly one ASCII character
     */
    public static ColumnsFormat of(List<String> names, String separator) {
        if (separator.length() != 1) {
            throw new IllegalArgumentException(
                    "separator must be one ASCII character, not " + Excerpt.quote(separator) + SEPARATORS);
        }
        return new ColumnsFormat(names, separator.charAt(0));
    }

    @Override
    public Collection<String> fieldNames() {
        return names;
    }

    @Override
    public FieldReader newReader(FieldNames needed) {
        return new ColumnsReader(this, needed);
    }

    @Override
    public List<Fact> facts() {
        return List.of(new Fact("separator", List.of(String.valueOf(separator))), new Fact("columns", names));
    }

    /** A column ends at the first separator, so a time that contains one can never be read. */
    @Override
    public void requireReadable(String timeFormat, String sample) {
        if (sample.indexOf(separator) >= 0) {
            throw new IllegalArgumentException("timestamp.format '" + timeFormat + "' gives times like '" + sample
                    + "', which the column separator '" + separator
                    + "' cuts in two; use another separator, or a pattern instead of columns");
        }
    }
}
