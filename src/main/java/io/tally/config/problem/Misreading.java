package io.tally.config.problem;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.origin.Origin;
import org.springframework.boot.origin.PropertySourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.origin.TextResourceOrigin.Location;
import org.springframework.core.io.Resource;

/**
 * A text that YAML (version 1.1, as Spring Boot reads it) has read as something else than the user wrote: {@code NO} is
 * false, {@code 3.10} is 3.1, {@code 0123} is 83, {@code 1:30} is 90, {@code NULL} is nothing. A scalar that means its
 * own text, such as {@code 200} or {@code true}, is no misreading. Where a number is meant, only another number is one.
 *
 * @param property name of the property
 * @param value what YAML has made of the text
 * @param written the text in the file; null if that is unknown
 */
record Misreading(String property, Object value, @Nullable String written) {
    /** The plain scalar at its place, behind anchors and tags. */
    private static final Pattern SCALAR = Pattern.compile("(?:[&!]\\S*\\s+)*([^\\s,\\]}]*)");

    private static final Pattern DECIMAL = Pattern.compile("[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?");
    private static final Pattern OTHER_BASE = Pattern.compile("[+-]?0[xb][0-9a-fA-F]+");
    private static final Set<String> NOTHING = Set.of("null", "Null", "NULL", "~");
    /** Properties for which an empty text is not the same as no property. */
    private static final Set<String> EMPTY_IS_A_TEXT = Set.of("value", "if-missing", "separator");

    /** The misreading of a property; null if it is what was written. */
    static @Nullable Misreading of(ConfigurationProperty property) {
        Object value = property.getValue();
        boolean nothing = value instanceof CharSequence text && text.isEmpty() && nothingMatters(property.getName());
        if (value instanceof CharSequence && !nothing) {
            return null;
        }
        String written = written(property.getOrigin());
        String name = property.getName().toString();
        if (nothing) {
            return written != null && NOTHING.contains(written) ? new Misreading(name, "", written) : null;
        }
        boolean kept = written == null
                // JSON has no other spellings of these.
                ? value instanceof Boolean || value instanceof Integer || value instanceof Long
                : written.equals(value.toString());
        return kept ? null : new Misreading(name, value, written);
    }

    private static boolean nothingMatters(ConfigurationPropertyName name) {
        return name.isLastElementIndexed()
                || EMPTY_IS_A_TEXT.contains(name.getLastElement(ConfigurationPropertyName.Form.DASHED));
    }

    /** Whether both are the same number, as far as that is known. */
    boolean isSameNumber() {
        if (!(value instanceof Number)) {
            return false;
        }
        if (written == null) {
            return true;
        }
        String digits = written.replace("_", "");
        return OTHER_BASE.matcher(digits).matches()
                || (DECIMAL.matcher(digits).matches()
                        && new BigDecimal(digits).compareTo(new BigDecimal(value.toString())) == 0);
    }

    String reason() {
        if (written == null) {
            return "is a number whose digits may not be those that were written, and its text matters; put it in quotes";
        }
        return "is not what the file has: " + reading() + "; put it in quotes";
    }

    /** What YAML has made of it. */
    String reading() {
        return "without quotes YAML reads " + written + " as " + (value.equals("") ? "nothing" : value);
    }

    String example() {
        return "'" + (written == null ? value : written) + "'";
    }

    private static @Nullable String written(@Nullable Origin origin) {
        if (origin instanceof PropertySourceOrigin outer) {
            return written(outer.getOrigin());
        }
        if (!(origin instanceof TextResourceOrigin place)) {
            return null;
        }
        Resource resource = place.getResource();
        Location location = place.getLocation();
        if (resource == null || location == null) {
            return null;
        }
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(resource.getInputStream(), StandardCharsets.UTF_8))) {
            String line = lines.lines().skip(location.getLine()).findFirst().orElse("");
            // YAML counts code points.
            if (location.getColumn() > line.codePointCount(0, line.length())) {
                return null;
            }
            Matcher scalar =
                    SCALAR.matcher(line).region(line.offsetByCodePoints(0, location.getColumn()), line.length());
            return scalar.lookingAt() ? scalar.group(1) : null;
        } catch (IOException e) {
            // The file could be read before but not now, so its text is unknown.
            return null;
        }
    }
}
