package io.tally.codec.decode;

import io.tally.codec.BoundedRegex;
import io.tally.codec.text.PatternFormat;
import io.tally.setting.Setting;
import java.util.List;

/**
 * Which records count. All conditions must hold. They are tried in order up to the first that does not hold, so an
 * {@link Operator#EXISTS} in front protects those behind it.
 *
 * @param conditions none: every record counts
 * @param nullValues whether a record without a value is left out, as a tombstone; otherwise it is not countable
 */
public record FilterSpec(List<Condition> conditions, boolean nullValues) {
    /** The filter that lets everything pass. */
    public static final FilterSpec NONE = new FilterSpec(List.of());

    /** Records without a value are not countable. */
    public FilterSpec(List<Condition> conditions) {
        this(conditions, false);
    }

    public FilterSpec {
        conditions = List.copyOf(conditions);
    }

    /** What is compared. */
    public enum Comparison {
        /** Texts, byte by byte, which for UTF-8 is the order of the code points. */
        TEXT,
        /**
         * Numbers, exactly: {@code 1.0} equals {@code 1}. A field that is no number is different from every number, and
         * neither above nor below it.
         */
        NUMBER
    }

    /**
     * One condition on one field. The comparison decides, not what the values look like: as texts, {@code 3.1} and
     * {@code 3.10} are different.
     *
     * <p>A field that the record does not have makes the record a dead letter, except with {@link Operator#EXISTS}.
     *
     * @param field a field of the source
     * @param operator the comparison
     * @param values the literals, as many as the operator takes
     * @param comparison what is compared; without meaning for operators that do not compare
     */
    public record Condition(String field, Operator operator, List<String> values, Comparison comparison) {
        /** Compares as the operator does by default. */
        public Condition(String field, Operator operator, List<String> values) {
            this(field, operator, values, operator.usual);
        }

        public Condition {
            values = List.copyOf(values);
            if (values.size() < operator.fewest || values.size() > operator.most) {
                throw new IllegalArgumentException("operator " + operator.label() + " on field '" + field + "' takes "
                        + operator.arity + ", not " + values + "; for example " + operator.example);
            }
            if (operator == Operator.EXISTS
                    && !values.isEmpty()
                    && !List.of("true", "false").contains(values.get(0))) {
                throw new IllegalArgumentException("operator exists on field '" + field
                        + "' takes true (the default) or false, not '" + values.get(0) + "'");
            }
            if (operator == Operator.MATCHES) {
                BoundedRegex.check(values.get(0), "the filter on field '" + field + "'");
            }
            if (operator.compares() && comparison == Comparison.NUMBER) {
                for (String value : values) {
                    if (!Literal.isNumber(value)) {
                        throw new IllegalArgumentException("operator " + operator.label() + " on field '" + field
                                + "' compares numbers here, and '" + value
                                + "' is none; set " + Setting.SOURCE_VALUES + "." + field
                                + ".type to text to compare texts");
                    }
                }
            }
        }

        /** Whether this compares as texts what versions without the choice compared as numbers. */
        public boolean comparesNumbersAsTexts() {
            return operator.compares()
                    && comparison == Comparison.TEXT
                    && values.stream().anyMatch(Literal::isNumber);
        }
    }

    /** The comparisons. */
    public enum Operator {
        /** Equal to the value. */
        EQ(1, 1, Comparison.TEXT, "one value", "{field: status, op: eq, value: 200}"),
        /** Not equal to the value. */
        NE(1, 1, Comparison.TEXT, "one value", "{field: status, op: ne, value: 404}"),
        /** Equal to one of the values. */
        IN(1, Integer.MAX_VALUE, Comparison.TEXT, "at least one value", "{field: method, op: in, values: [GET, HEAD]}"),
        /** Equal to none of the values. */
        NOT_IN(
                1,
                Integer.MAX_VALUE,
                Comparison.TEXT,
                "at least one value",
                "{field: method, op: not-in, values: [GET, HEAD]}"),
        /** Less than the value. */
        LT(1, 1, Comparison.NUMBER, "one value", "{field: status, op: lt, value: 500}"),
        /** Less than or equal to the value. */
        LTE(1, 1, Comparison.NUMBER, "one value", "{field: status, op: lte, value: 499}"),
        /** Greater than the value. */
        GT(1, 1, Comparison.NUMBER, "one value", "{field: bytes, op: gt, value: 0}"),
        /** Greater than or equal to the value. */
        GTE(1, 1, Comparison.NUMBER, "one value", "{field: status, op: gte, value: 500}"),
        /** The text starts with the value. */
        PREFIX(1, 1, Comparison.TEXT, "one value", "{field: path, op: prefix, value: /api/}"),
        /** The text contains the value. */
        CONTAINS(1, 1, Comparison.TEXT, "one value", "{field: agent, op: contains, value: bot}"),
        /** The whole text matches the regular expression; bounds as for {@link PatternFormat}. */
        MATCHES(1, 1, Comparison.TEXT, "one regular expression", "{field: path, op: matches, value: '/item/[0-9]+'}"),
        /**
         * The field is there (value {@code true} or none) or is not there ({@code false}). An empty column is there.
         */
        EXISTS(0, 1, Comparison.TEXT, "no value, true or false", "{field: user, op: exists}");

        private final int fewest;
        private final int most;
        private final Comparison usual;
        private final String arity;
        private final String example;

        Operator(int fewest, int most, Comparison usual, String arity, String example) {
            this.fewest = fewest;
            this.most = most;
            this.usual = usual;
            this.arity = arity;
            this.example = example;
        }

        /** Whether it compares the whole field with its values, so that numbers make sense. */
        public boolean compares() {
            return this != PREFIX && this != CONTAINS && this != MATCHES && this != EXISTS;
        }

        /** The name in the configuration, for example {@code not-in}. */
        public String label() {
            return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
        }
    }
}
