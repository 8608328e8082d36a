package io.tally.config;

import io.tally.codec.InputField;
import io.tally.codec.InputField.Kind;
import io.tally.config.PipelineProperties.AggregateFunction;
import io.tally.config.PipelineProperties.AggregateType;
import io.tally.config.problem.Problems;
import io.tally.window.Aggregate;
import io.tally.window.BuiltIn;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The aggregate functions of a pipeline and the fields they read. Fields that several functions read in the same way
 * share a slot.
 */
final class AggregatesReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private final List<String> names = new ArrayList<>();
    private final List<Aggregate> functions = new ArrayList<>();
    private final List<InputField> inputs = new ArrayList<>();

    AggregatesReader(PipelineProperties properties, SourceReader source, Problems problems) {
        properties.aggregates().forEach((name, function) -> add(name, function, source, problems));
    }

    List<String> names() {
        return names;
    }

    List<Aggregate> functions() {
        return functions;
    }

    /** The fields in the order of their slots. */
    List<InputField> inputs() {
        return inputs;
    }

    private void add(String name, AggregateFunction function, SourceReader source, Problems problems) {
        String property = "aggregates." + name;
        AggregateType type = function.type();
        String field = function.field();
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    property,
                    null,
                    "is not a good name: a letter or underscore, then letters, digits, underscores, dots and hyphens",
                    "total-bytes");
            return;
        }
        if (type == null) {
            problems.add(property + ".type", null, "is required: count, sum, min, max, avg, first or last", "count");
            return;
        }
        if (type == AggregateType.COUNT) {
            if (field != null) {
                problems.add(property + ".field", field, "has no meaning for count, which counts records", null);
            }
            names.add(name);
            functions.add(BuiltIn.count());
            return;
        }
        if (field == null) {
            problems.add(property + ".field", null, "is required for every type but count", "bytes");
            return;
        }
        source.reference(property + ".field", field);
        names.add(name);
        functions.add(function(type, field));
    }

    private Aggregate function(AggregateType type, String field) {
        return switch (type) {
            case COUNT -> BuiltIn.count();
            case SUM -> BuiltIn.sum(slot(field, Kind.NUMBER));
            case MIN -> BuiltIn.min(slot(field, Kind.NUMBER));
            case MAX -> BuiltIn.max(slot(field, Kind.NUMBER));
            case AVG -> BuiltIn.average(slot(field, Kind.NUMBER));
            case FIRST -> BuiltIn.first(slot(field, Kind.TEXT));
            case LAST -> BuiltIn.last(slot(field, Kind.TEXT));
        };
    }

    private int slot(String field, Kind kind) {
        InputField input = new InputField(field, kind);
        if (!inputs.contains(input)) {
            inputs.add(input);
        }
        return inputs.indexOf(input);
    }
}
