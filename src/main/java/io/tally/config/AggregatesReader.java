package io.tally.config;

import io.tally.aggregate.Aggregate;
import io.tally.codec.decode.InputField;
import io.tally.config.problem.Problems;
import io.tally.config.property.FunctionProperties;
import io.tally.config.property.FunctionProperties.AggregateType;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.Texts;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** The aggregate functions of a pipeline and the fields they read. */
final class AggregatesReader {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]*");

    private final List<String> names = new ArrayList<>();
    private final List<Aggregate> functions = new ArrayList<>();
    private final List<List<String>> descriptions = new ArrayList<>();
    private final List<InputField> inputs = new ArrayList<>();

    AggregatesReader(PipelineProperties properties, SourceReader source, CustomFunctions customs, Problems problems) {
        properties.aggregates().forEach((name, function) -> add(name, function, source, customs, problems));
    }

    List<String> names() {
        return names;
    }

    List<Aggregate> functions() {
        return functions;
    }

    /** The meaning of the accumulators, in the order of the functions. */
    List<List<String>> descriptions() {
        return descriptions;
    }

    /** The fields in the order of their slots. */
    List<InputField> inputs() {
        return inputs;
    }

    private void add(
            String name, FunctionProperties function, SourceReader source, CustomFunctions customs, Problems problems) {
        String property = "aggregates." + name;
        if (!NAME.matcher(name).matches()) {
            problems.add(
                    property,
                    null,
                    "is not a good name: a letter or underscore, then letters, digits, underscores, dots and hyphens",
                    "total-bytes");
            return;
        }
        Texts.refuseYamlWords("aggregates", name, problems);
        // Even if the function is wrong, templates may use its name.
        names.add(name);
        AggregateType type = function.type();
        if (type == null) {
            problems.add(property + ".type", null, "is required: the function, such as count, sum or top", "count");
            return;
        }
        AggregateReader.Function read =
                new AggregateReader(name, function, type, source, customs, inputs, problems.under(property)).read();
        if (read != null) {
            functions.add(read.aggregate());
            descriptions.add(read.description());
        }
    }
}
