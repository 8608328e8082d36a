package io.tally.config;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.CustomAggregate;
import io.tally.aggregate.CustomAggregates;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.aggregate.sketch.Sketches;
import io.tally.codec.decode.InputField;
import io.tally.codec.decode.InputField.Kind;
import io.tally.config.problem.Problems;
import io.tally.config.property.FunctionProperties;
import io.tally.config.property.FunctionProperties.AggregateType;
import io.tally.config.property.Texts;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;

/** Reads one aggregate function: its parameters, their meaning, and the input slots of its fields. */
final class AggregateReader {
    private static final int LIMIT = 1000;
    private static final int MOST_LIMIT = 32_768;
    private static final int TOP = 10;
    private static final int PRECISION = 12;
    private static final BigDecimal ACCURACY = new BigDecimal("0.01");

    /**
     * What there is to know of a type of function.
     *
     * @param parameters the names of those that it has
     * @param factory reads them; null if there is a problem with one. If it has a field, that is there
     */
    private record Row(Set<String> parameters, Factory factory) {}

    /** Reads the function of a reader; null if there is a problem with it. */
    private interface Factory {
        @Nullable
        Function read(AggregateReader reader);
    }

    private static final Map<AggregateType, Row> ROWS = new EnumMap<>(AggregateType.class);

    static {
        row(AggregateType.COUNT, reader -> new Function(BuiltIn.count(), reader.description("")));
        row(AggregateType.SUM, ofNumbers(BuiltIn::sum), "field");
        row(AggregateType.MIN, ofNumbers(BuiltIn::min), "field");
        row(AggregateType.MAX, ofNumbers(BuiltIn::max), "field");
        row(AggregateType.AVG, ofNumbers(BuiltIn::average), "field");
        row(AggregateType.VARIANCE, ofNumbers(BuiltIn::variance), "field");
        row(AggregateType.STDDEV, ofNumbers(BuiltIn::standardDeviation), "field");
        row(AggregateType.FIRST, ofTexts(BuiltIn::first), "field");
        row(AggregateType.LAST, ofTexts(BuiltIn::last), "field");
        row(AggregateType.DISTINCT, ofSomeTexts(BuiltIn::distinct), "field", "limit");
        row(AggregateType.DISTINCT_APPROX, AggregateReader::approximateDistinct, "field", "precision");
        row(AggregateType.QUANTILES, AggregateReader::quantiles, "field", "quantiles", "accuracy");
        row(AggregateType.TOP, AggregateReader::top, "field", "by", "n", "limit");
        row(AggregateType.COLLECT, ofSomeTexts(BuiltIn::collect), "field", "limit");
        row(AggregateType.CUSTOM, AggregateReader::custom, "function", "fields");
    }

    private static void row(AggregateType type, Factory factory, String... parameters) {
        ROWS.put(type, new Row(new TreeSet<>(Set.of(parameters)), factory));
    }

    private final String name;
    private final FunctionProperties function;
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
            FunctionProperties function,
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
        Row row = Objects.requireNonNull(ROWS.get(type));
        refuseForeignParameters(row.parameters());
        if (row.parameters().contains("field")) {
            if (function.field() == null) {
                problems.add("field", null, "is required for every type but count and custom", "bytes");
                return null;
            }
            source.reference(problems, "field", field());
        }
        return row.factory().read(this);
    }

    private String field() {
        return Objects.requireNonNull(function.field());
    }

    /** A function of a field's number, in its slot. */
    private static Factory ofNumbers(IntFunction<Aggregate> function) {
        return reader ->
                new Function(function.apply(reader.number(reader.field())), reader.description(reader.field()));
    }

    /** A function of a field's text, in its slot. */
    private static Factory ofTexts(IntFunction<Aggregate> function) {
        return reader -> new Function(function.apply(reader.text(reader.field())), reader.description(reader.field()));
    }

    /** A function of a field's text, in its slot, that keeps a limited number of texts. */
    private static Factory ofSomeTexts(BiFunction<Integer, Integer, Aggregate> function) {
        return reader -> {
            Integer limit = reader.limit();
            return limit == null
                    ? null
                    : new Function(
                            function.apply(reader.text(reader.field()), limit),
                            reader.description(reader.field(), limit.toString()));
        };
    }

    private @Nullable Integer limit() {
        return range("limit", function.limit(), LIMIT, MOST_LIMIT);
    }

    private @Nullable Function approximateDistinct() {
        String field = field();
        int precision = function.precision() == null ? PRECISION : function.precision();
        Aggregate aggregate =
                problems.attempt("precision", precision, () -> Sketches.approximateDistinct(text(field), precision));
        return aggregate == null ? null : new Function(aggregate, description(field, Integer.toString(precision)));
    }

    private @Nullable Function quantiles() {
        String field = field();
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
    private @Nullable Function top() {
        String field = field();
        String by = function.by();
        if (by != null) {
            source.reference(problems, "by", by);
        }
        Integer limit = limit();
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
                    is
                            + (known.isEmpty() ? "; there is none in the application" : "; there are " + known)
                            + OwnJars.find().searched(),
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

    private void refuseForeignParameters(Set<String> own) {
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
