package io.tally.codec;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** How the fields of a source record's value are found. Texts are UTF-8. */
public sealed interface SourceFormat {
    /** The names of all fields that the format declares. */
    Collection<String> fieldNames();

    /**
     * A line of columns with one separator between two of them; what follows the last declared column is ignored, and
     * so is one line terminator at the end. Two separators in a row enclose an empty column.
     *
     * @param names names of the columns in their order, all different
     * @param separator one ASCII character other than a line terminator
     */
    record Columns(List<String> names, char separator) implements SourceFormat {
        public Columns {
            names = List.copyOf(names);
            require(!names.isEmpty(), "columns must name at least one column, for example [time, ip]");
            Set<String> seen = new HashSet<>();
            for (String name : names) {
                requireName(name, "columns");
                require(
                        seen.add(name),
                        "columns must have different names, but '" + name + "' is there twice in " + names);
            }
            require(
                    separator < 128 && separator != '\n' && separator != '\r',
                    "separator must be one ASCII character other than a line end, not "
                            + Excerpt.quote(String.valueOf(separator)) + "; for example \" \", \",\" or \"\\t\"");
        }

        /**
         * As the constructor, with the separator as a text.
         *
         * @throws IllegalArgumentException if the separator is not exactly one ASCII character
         */
        public static Columns of(List<String> names, String separator) {
            require(
                    separator.length() == 1,
                    "separator must be one ASCII character, not " + Excerpt.quote(separator)
                            + "; for example \" \", \",\" or \"\\t\"");
            return new Columns(names, separator.charAt(0));
        }

        @Override
        public Collection<String> fieldNames() {
            return names;
        }
    }

    /**
     * A line described by a regular expression ({@link java.util.regex.Pattern}) whose named groups are the fields. It
     * must match at the start of the line; what follows the match is ignored. A group that took no part in the match is
     * a missing field.
     *
     * <p>Two limits keep a hostile line from stopping a lane: lines of more than 8192 bytes and matches that look at
     * more than a million characters (catastrophic backtracking) are malformed. The expression sees one character per
     * byte, so it must be written in ASCII; {@code [^ ]+} and the like match UTF-8 text byte by byte.
     *
     * @param regex for example {@code (?<time>\S+) (?<ip>\S+)}
     */
    record Pattern(String regex) implements SourceFormat {
        public Pattern {
            require(
                    !BoundedRegex.groupNames(regex, "pattern").isEmpty(),
                    "pattern has no named group, so it yields no field: " + regex
                            + "; for example (?<time>\\S+) (?<ip>\\S+)");
        }

        @Override
        public Collection<String> fieldNames() {
            return BoundedRegex.groupNames(regex, "pattern");
        }
    }

    /**
     * One JSON document (RFC 8259, UTF-8) with the fields at JSON Pointers (RFC 6901). A text field is the unescaped
     * text, a number or boolean its literal as written; null counts as missing.
     *
     * @param fields field name to pointer, for example {@code ip: /client/ip}; array elements by index,
     *     {@code /items/0}
     */
    record Json(Map<String, String> fields) implements SourceFormat {
        public Json {
            fields = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(fields));
            fields.forEach((name, pointer) -> {
                requireName(name, "fields");
                PointerNode.tokens(name, pointer);
            });
        }

        @Override
        public Collection<String> fieldNames() {
            return fields.keySet();
        }
    }

    private static void requireName(String name, String what) {
        require(
                !name.isBlank() && name.indexOf('{') < 0 && name.indexOf('}') < 0,
                what + " holds the name '" + name + "'; a field name is not blank and has no braces, for example ip");
    }

    private static void require(boolean condition, String message) {
        if (!condition) {
            throw new IllegalArgumentException(message);
        }
    }
}
