package io.tally.config.problem;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.util.unit.DataSize;

/**
 * What a value of a type looks like, for a user who wrote something else.
 *
 * @param reason what the property must be, and the value is not
 * @param example a right value
 */
record ExpectedForm(String reason, String example) {
    static ExpectedForm of(Class<?> type) {
        if (type == Duration.class) {
            return new ExpectedForm("is not a duration: a number with a unit (ms, s, m, h, d), or ISO-8601", "5s");
        }
        if (type == DataSize.class) {
            return new ExpectedForm("is not a size: a number with a unit (B, KB, MB, GB, TB)", "64MB");
        }
        if (type == Boolean.class || type == boolean.class) {
            return new ExpectedForm("is neither true nor false", "true");
        }
        if (type == Integer.class || type == int.class) {
            return new ExpectedForm("is not a whole number of at most " + Integer.MAX_VALUE, "1");
        }
        if (type == Long.class || type == long.class) {
            return new ExpectedForm("is not a whole number", "1000000");
        }
        if (type == BigDecimal.class) {
            return new ExpectedForm("is not a decimal number", "0.5");
        }
        if (type == Instant.class) {
            return new ExpectedForm("is not a point in time in ISO-8601, UTC", "2000-01-01T00:00:00Z");
        }
        if (type == ZoneId.class) {
            return new ExpectedForm("is not a time zone that this Java knows", "UTC, +02:00 or Europe/Berlin");
        }
        if (type.isEnum()) {
            String values = Arrays.stream(type.getEnumConstants())
                    .map(ExpectedForm::label)
                    .collect(Collectors.joining(", "));
            return new ExpectedForm("is none of " + values, label(type.getEnumConstants()[0]));
        }
        if (Collection.class.isAssignableFrom(type)) {
            return new ExpectedForm("is a list; a value cannot stand for it", "[ ... ]");
        }
        if (Map.class.isAssignableFrom(type) || type.isRecord()) {
            return new ExpectedForm("is a group of properties; a value cannot stand for it", "{ ... }");
        }
        return new ExpectedForm("is not a value of type " + type.getSimpleName(), "a valid one");
    }

    private static String label(Object constant) {
        return ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
