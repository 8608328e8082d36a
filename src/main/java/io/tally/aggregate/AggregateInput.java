package io.tally.aggregate;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The record that a {@link CustomAggregate} adds: event time and configured fields. Valid only during the call. */
public interface AggregateInput {
    /** Event time in milliseconds since the epoch. */
    long time();

    /** Number of configured fields. */
    int size();

    /**
     * Whether a field, counted from 0 in the order of the configuration, has no value in this record; only for
     * functions that {@link CustomAggregate#takesMissing take} such records.
     */
    default boolean isMissing(int field) {
        return false;
    }

    /**
     * The bytes of a field, counted from 0 in the order of the configuration: UTF-8, at most 8192. A copy.
     *
     * @throws IllegalStateException if it is missing
     */
    byte[] bytes(int field);

    /** The text of a field. */
    default String text(int field) {
        return new String(bytes(field), StandardCharsets.UTF_8);
    }

    /**
     * The number in a field, exactly as it is written.
     *
     * @throws NumberFormatException if it is none, or has more than 64 characters or an exponent beyond 100
     */
    default BigDecimal number(int field) {
        String text = text(field);
        if (text.length() > 64) {
            throw new NumberFormatException(
                    "field " + field + " is no number: it has " + text.length() + " characters");
        }
        BigDecimal number;
        try {
            number = new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new NumberFormatException("field " + field + " is no number: " + text);
        }
        if (Math.abs((long) number.scale()) > 164) {
            throw new NumberFormatException("field " + field + " has too large an exponent: " + text);
        }
        return number;
    }

    /** An input for tests; null is a missing field. */
    static AggregateInput of(long time, @Nullable String... fields) {
        return new GivenInput(time, fields.clone());
    }
}
