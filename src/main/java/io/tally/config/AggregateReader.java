package io.tally.config;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.CustomAggregate;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.aggregate.sketch.Sketches;
import io.tally.codec.InputField;
import io.tally.codec.InputField.Kind;
import io.tally.config.PipelineProperties.AggregateFunction;
import io.tally.config.PipelineProperties.AggregateType;
import io.tally.config.problem.Problems;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;

/** Reads one aggregate function: its parameters, their meaning, and the input slots of its fields. */
final class AggregateReader {
    private static final int LIMIT = 1000;
    private static final int MOST_LIMIT = 32_768;
    private static final int TOP = 10;
    private static final int PRECISION = 12;
    private static final BigDecimal ACCURACY = new BigDecimal("0.01");

    private final String name;
    private final AggregateFunction function;
    private final AggregateType type;
    private final SourceReader source;
    private final CustomFunctions customs;
    private final List<InputField> inputs;
    private final Problems problems;

    /**
     * Reads a function.
     *
     * @param inputs all fields of the pipeline that functions read, in the order of their slots; this function's fields
     *     are added
     * @param problems those of this function
     */
    AggregateReader(
            String name,
            AggregateFunction function,
            AggregateType type,
            SourceReader source,
            CustomFunctions customs,
            List<InputField> inputs,
            Problems problems) {
        this.name = name;
        this.function = function;
        this.type = type;
        this.source = source;
        this.customs = customs;
        this.inputs = inputs;
        this.problems = problems;
    }

    /**
     * A function that was read.
     *
     * @param description the meaning of its accumulators, for the fingerprint. It is durable, and changes only with
     *     that meaning
     */
    record Function(Aggregate aggregate, List<String> description) {}

    /** The function; null if there was a problem with it. */
    @Nullable
    Function read() {
        refuseForeignParameters();
        if (type == AggregateType.CUSTOM) {
            return custom();
        }
        String field = function.field();
        if (type == AggregateType.COUNT) {
            return new Function(BuiltIn.count(), description(""));
        }
        if (field == null) {
            problems.add("field", null, "is required for every type but count and custom", "bytes");
            return null;
        }
        source.reference(problems, "field", field);
        return switch (type) {
            case COUNT, CUSTOM -> throw new IllegalStateException("read before");
            case SUM -> new Function(BuiltIn.sum(number(field)), description(field));
            case MIN -> new Function(BuiltIn.min(number(field)), description(field));
            case MAX -> new Function(BuiltIn.max(number(field)), description(field));
            case AVG -> new Function(BuiltIn.average(number(field)), description(field));
            case VARIANCE -> new Function(BuiltIn.variance(number(field)), description(field));
            case STDDEV -> new Function(BuiltIn.standardDeviation(number(field)), description(field));
            case FIRST -> new Function(BuiltIn.first(text(field)), description(field));
            case LAST -> new Function(BuiltIn.last(text(field)), description(field));
            case DISTINCT -> distinct(field);
            case DISTINCT_APPROX -> approximateDistinct(field);
            case QUANTILES -> quantiles(field);
            case TOP -> top(field);
            case COLLECT -> collect(field);
        };
    }

    private @Nullable Function distinct(String field) {
        Integer limit = range("limit", function.limit(), LIMIT, MOST_LIMIT);
        return limit == null
                ? null
                : new Function(BuiltIn.distinct(text(field), limit), description(field, limit.toString()));
    }

    private @Nullable Function collect(String field) {
        Integer limit = range("limit", function.limit(), LIMIT, MOST_LIMIT);
        return limit == null
                ? null
                : new Function(BuiltIn.collect(text(field), limit), description(field, limit.toString()));
    }

    private @Nullable Function approximateDistinct(String field) {
        int precision = function.precision() == null ? PRECISION : function.precision();
        Aggregate aggregate =
                problems.attempt("precision", precision, () -> Sketches.approximateDistinct(text(field), precision));
        return aggregate == null ? null : new Function(aggregate, description(field, Integer.toString(precision)));
    }

    private @Nullable Function quantiles(String field) {
        BigDecimal accuracy = function.accuracy() == null ? ACCURACY : function.accuracy();
        int slot = number(field);
        Object accurate = problems.attempt(
                "accuracy", accuracy, () -> Sketches.quantiles(slot, List.of(BigDecimal.ONE), accuracy.doubleValue()));
        Aggregate aggregate = problems.attempt(
                "quantiles",
                function.quantiles().isEmpty() ? null : function.quantiles(),
                () -> Sketches.quantiles(
                        slot,
                        function.quantiles(),
                        accurate == null ? ACCURACY.doubleValue() : accuracy.doubleValue()));
        return accurate == null || aggregate == null
                ? null
                : new Function(
                        aggregate,
                        description(field, accuracy.stripTrailingZeros().toPlainString()));
    }

    /** The number of shown texts does not change the meaning of accumulators. */
    private @Nullable Function top(String field) {
        String by = function.by();
        if (by != null) {
            source.reference(problems, "by", by);
        }
        Integer limit = range("limit", function.limit(), LIMIT, MOST_LIMIT);
        Integer number = range("n", function.n(), TOP, limit == null ? MOST_LIMIT : limit);
        if (limit == null || number == null) {
            return null;
        }
        int slot = text(field);
        Aggregate aggregate = by == null
                ? BuiltIn.topByCount(slot, number, limit)
                : BuiltIn.topBySum(slot, number(by), number, limit);
        return new Function(aggregate, description(field, by == null ? "" : by, limit.toString()));
    }

    private @Nullable Function custom() {
        List<String> fields = function.fields();
        for (int i = 0; i < fields.size(); i++) {
            source.reference(problems, "fields[" + i + "]", fields.get(i));
        }
        String bean = function.function();
        List<String> known = customs.names();
        if (bean == null || !known.contains(bean)) {
            String is = bean == null ? "is required for type custom" : "is no bean of type CustomAggregate";
            problems.add(
                    "function",
                    bean,
                    is + (known.isEmpty() ? "; there is none in the application" : "; there are " + known),
                    known.isEmpty() ? null : known.get(0));
            return null;
        }
        try {
            return custom(bean, customs.get(bean), fields);
        } catch (BeansException e) {
            problems.add("function", bean, "is a bean that cannot be made: " + e.getMessage(), null);
            return null;
        }
    }

    private @Nullable Function custom(String bean, CustomAggregate<?> custom, List<String> fields) {
        String version = Texts.blankToNull(custom.version());
        if (version == null) {
            problems.add(
                    "function",
                    bean,
                    "has no version: method version() of " + custom.getClass().getName() + " gives nothing",
                    "\"1\"");
            return null;
        }
        List<Integer> slots = fields.stream().map(this::text).toList();
        List<String> description = new ArrayList<>(description(bean, version));
        description.addAll(fields);
        return new Function(CustomAggregates.of(name, custom, slots), description);
    }

    private List<String> description(String... parameters) {
        List<String> description = new ArrayList<>(List.of(label()));
        description.addAll(List.of(parameters));
        return description;
    }

    private void refuseForeignParameters() {
        Map<String, @Nullable Object> given = new LinkedHashMap<>();
        given.put("field", function.field());
        given.put("limit", function.limit());
        given.put("n", function.n());
        given.put("by", function.by());
        given.put("quantiles", function.quantiles().isEmpty() ? null : function.quantiles());
        given.put("accuracy", function.accuracy());
        given.put("precision", function.precision());
        given.put("function", function.function());
        given.put("fields", function.fields().isEmpty() ? null : function.fields());
        Set<String> own = parameters();
        given.forEach((parameter, value) -> {
            if (value != null && !own.contains(parameter)) {
                problems.add(
                        parameter,
                        value,
                        "has no meaning for " + label()
                                + (own.isEmpty() ? ", which counts records" : ", which has " + String.join(", ", own)),
                        null);
            }
        });
    }

    /** The type as it is written in the configuration. */
    private String label() {
        return type.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private Set<String> parameters() {
        return new TreeSet<>(
                switch (type) {
                    case COUNT -> Set.of();
                    case SUM, MIN, MAX, AVG, VARIANCE, STDDEV, FIRST, LAST -> Set.of("field");
                    case DISTINCT, COLLECT -> Set.of("field", "limit");
                    case DISTINCT_APPROX -> Set.of("field", "precision");
                    case QUANTILES -> Set.of("field", "quantiles", "accuracy");
                    case TOP -> Set.of("field", "by", "n", "limit");
                    case CUSTOM -> Set.of("function", "fields");
                });
    }

    private @Nullable Integer range(String parameter, @Nullable Integer value, int otherwise, int most) {
        int result = value == null ? Math.min(otherwise, most) : value;
        if (result < 1 || result > most) {
            problems.add(parameter, value, "must be 1 to " + most, Integer.toString(Math.min(otherwise, most)));
            return null;
        }
        return result;
    }

    private int number(String field) {
        return slot(source.input(field, Kind.NUMBER));
    }

    private int text(String field) {
        return slot(source.input(field, Kind.TEXT));
    }

    /** Functions that read a field in the same way share a slot. */
    private int slot(InputField input) {
        if (!inputs.contains(input)) {
            inputs.add(input);
        }
        return inputs.indexOf(input);
    }
}
