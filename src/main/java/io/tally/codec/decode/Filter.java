package io.tally.codec.decode;

import io.tally.codec.BoundedRegex;
import io.tally.codec.FieldNames;
import io.tally.codec.Fields;
import io.tally.codec.decode.FilterSpec.Condition;
import io.tally.setting.Setting;
import java.util.List;

/** The compiled form of a {@link FilterSpec}. */
final class Filter {
    /** One compiled condition. */
    private interface Test {
        boolean holds(Fields fields);
    }

    /** A test of a field that must be there. */
    private interface TextTest {
        boolean holds(byte[] bytes, int start, int length);
    }

    private final Test[] tests;

    Filter(FilterSpec spec, FieldNames fields) {
        List<Condition> conditions = spec.conditions();
        tests = new Test[conditions.size()];
        for (int i = 0; i < tests.length; i++) {
            Condition condition = conditions.get(i);
            tests[i] = test(condition, fields.slot(condition.field(), Setting.FILTER + "[" + i + "].field"));
        }
    }

    /** Whether the record counts. */
    boolean accepts(Fields fields) {
        for (Test test : tests) {
            if (!test.holds(fields)) {
                return false;
            }
        }
        return true;
    }

    private static Test test(Condition condition, int slot) {
        if (condition.operator() == FilterSpec.Operator.EXISTS) {
            boolean expected = !condition.values().contains("false");
            return fields -> fields.exists(slot) == expected;
        }
        TextTest test = textTest(condition);
        return fields -> {
            int length = fields.length(slot);
            return test.holds(fields.buffer(), fields.start(slot), length);
        };
    }

    private static TextTest textTest(Condition condition) {
        boolean numeric = condition.operator().compares() && condition.comparison() == FilterSpec.Comparison.NUMBER;
        List<Literal> literals = condition.values().stream()
                .map(value -> new Literal(value, numeric))
                .toList();
        Literal first = literals.get(0);
        return switch (condition.operator()) {
            case EQ -> (bytes, start, length) -> first.compare(bytes, start, length) == 0;
            case NE -> (bytes, start, length) -> first.compare(bytes, start, length) != 0;
            case IN -> (bytes, start, length) -> anyEqual(literals, bytes, start, length);
            case NOT_IN -> (bytes, start, length) -> !anyEqual(literals, bytes, start, length);
            case LT -> (bytes, start, length) -> first.compare(bytes, start, length) == -1;
            case LTE -> (bytes, start, length) -> first.compare(bytes, start, length) <= 0;
            case GT -> (bytes, start, length) -> first.compare(bytes, start, length) == 1;
            case GTE ->
                (bytes, start, length) -> {
                    int order = first.compare(bytes, start, length);
                    return order == 0 || order == 1;
                };
            case PREFIX -> first::isPrefixOf;
            case CONTAINS -> first::isIn;
            case MATCHES -> new BoundedRegex(condition.values().get(0))::matches;
            case EXISTS -> throw new IllegalArgumentException("exists does not look at the text");
        };
    }

    private static boolean anyEqual(List<Literal> literals, byte[] bytes, int start, int length) {
        for (int i = 0; i < literals.size(); i++) {
            if (literals.get(i).compare(bytes, start, length) == 0) {
                return true;
            }
        }
        return false;
    }
}
