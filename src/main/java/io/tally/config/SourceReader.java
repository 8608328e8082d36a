package io.tally.config;

import io.tally.codec.SourceFormat;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.decode.FilterSpec.Condition;
import io.tally.codec.decode.InputField;
import io.tally.codec.decode.InputField.Kind;
import io.tally.codec.decode.MissingRule;
import io.tally.codec.key.KeySpec;
import io.tally.codec.time.TimestampSpec;
import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.SourceProperties;
import io.tally.config.property.SourceProperties.FieldType;
import io.tally.config.property.SourceProperties.NullValues;
import io.tally.config.property.SourceProperties.Values;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Reads the properties about a single record: its format, event time, key and filter. Every result is null if there was
 * a problem with it.
 */
final class SourceReader {
    private final PipelineProperties properties;
    private final Problems problems;
    private final @Nullable SourceFormat format;

    SourceReader(PipelineProperties properties, Problems problems) {
        this.properties = properties;
        this.problems = problems;
        this.format = new FormatReader(properties.source(), problems).read();
        checkValues();
    }

    @Nullable
    SourceFormat format() {
        return format;
    }

    /** Notes a problem if the source declares its fields and {@code field} is none of them. */
    void reference(String property, String field) {
        reference(problems, property, field);
    }

    /** The same for a property that is relative to another group. */
    void reference(Problems here, String property, String field) {
        if (format != null && !format.declares(field)) {
            here.add(property, field, "is no field of the source; its fields are " + format.fieldNames(), null);
        }
    }

    /** Notes problems in the properties about the values of fields. */
    private void checkValues() {
        properties.source().values().forEach((field, values) -> {
            reference("source.values." + field, field);
            if (values.ifMissing() != null) {
                problems.attempt(
                        "source.values." + field + ".if-missing",
                        values.ifMissing(),
                        () -> new MissingRule(List.of(), false, values.required(), values.ifMissing()));
            }
        });
    }

    private Values values(String field) {
        return properties.source().values().getOrDefault(field, Values.DEFAULT);
    }

    /** Some formats write a hyphen for whatever is missing. */
    private List<String> defaultTexts(Kind kind) {
        return kind == Kind.TEXT && format != null && format.writesHyphens()
                ? List.of("-")
                : MissingRule.defaultTexts(kind);
    }

    /** The input of a function that reads a field. */
    InputField input(String field, Kind kind) {
        Values values = values(field);
        if (kind == Kind.NUMBER && values.type() == FieldType.TEXT) {
            problems.add(
                    "source.values." + field + ".type",
                    "text",
                    "does not go with an aggregate function that needs numbers of the field",
                    "number");
        }
        List<String> texts = values.missing() == null ? properties.source().missing() : values.missing();
        String replacement = values.ifMissing();
        if (replacement == null && !values.required() && kind == Kind.NUMBER && format != null) {
            replacement = format.ifMissing(field);
        }
        String ifMissing = replacement;
        boolean unreadable = values.unreadable() == SourceProperties.Unreadable.MISSING;
        InputField input = problems.attempt(
                "source.values." + field + ".if-missing",
                values.ifMissing(),
                () -> new InputField(
                        field,
                        kind,
                        new MissingRule(
                                texts == null ? defaultTexts(kind) : texts, unreadable, values.required(), ifMissing)));
        return input == null ? new InputField(field, kind) : input;
    }

    @Nullable
    TimestampSpec timestamp() {
        PipelineProperties.Timestamp timestamp = properties.timestamp();
        List<String> fields = timeFields(timestamp);
        String field = fields.isEmpty() ? null : fields.get(0);
        List<String> further = fields.isEmpty() ? fields : fields.subList(1, fields.size());
        String written = timestamp.format() == null ? format == null ? "iso" : format.timeFormat() : timestamp.format();
        TimestampSpec formatted = problems.attempt(
                "timestamp.format",
                written,
                () -> new TimestampSpec(field, written, timestamp.zone(), Instant.EPOCH, Duration.ZERO));
        TimestampSpec floored = problems.attempt(
                "timestamp.floor",
                timestamp.floor(),
                () -> new TimestampSpec(null, "iso", ZoneOffset.UTC, timestamp.floor(), Duration.ZERO));
        TimestampSpec capped = problems.attempt(
                "timestamp.max-ahead",
                timestamp.maxAhead(),
                () -> new TimestampSpec(null, "iso", ZoneOffset.UTC, Instant.EPOCH, timestamp.maxAhead()));
        if (formatted == null || floored == null || capped == null) {
            return null;
        }
        return new TimestampSpec(
                field,
                written,
                timestamp.zone(),
                timestamp.ambiguousTime(),
                timestamp.floor(),
                timestamp.maxAhead(),
                further);
    }

    /** The fields that hold the time, none if it is that of the record. */
    private List<String> timeFields(PipelineProperties.Timestamp timestamp) {
        String field = timestamp.field();
        if (field != null) {
            reference("timestamp.field", field);
            if (!timestamp.fields().isEmpty()) {
                problems.add(
                        "timestamp.fields",
                        timestamp.fields(),
                        "excludes timestamp.field; leave one of them out",
                        null);
            }
            return List.of(field);
        }
        for (int i = 0; i < timestamp.fields().size(); i++) {
            reference("timestamp.fields[" + i + "]", timestamp.fields().get(i));
        }
        return timestamp.fields();
    }

    /** @param shuffled whether records are brought together by their group keys, whatever their record keys */
    @Nullable
    KeySpec key(boolean shuffled) {
        PipelineProperties.Key key = properties.key();
        boolean verify = key.verify() && !shuffled;
        if (key.partitioner() != null && !shuffled && !verify && !key.fields().isEmpty()) {
            problems.add(
                    "key.partitioner",
                    key.partitioner().name().toLowerCase(Locale.ROOT),
                    "needs key.verify=true, since it goes by the record key; or leave it out",
                    null);
        }
        for (int i = 0; i < key.fields().size(); i++) {
            reference("key.fields[" + i + "]", key.fields().get(i));
        }
        KeySpec bounded =
                problems.attempt("key.max-bytes", key.maxBytes(), () -> new KeySpec(List.of(), verify, key.maxBytes()));
        KeySpec named = problems.attempt("key.fields", key.fields(), () -> new KeySpec(key.fields(), verify, 1));
        return bounded == null || named == null
                ? null
                : new KeySpec(
                        key.fields(), verify, key.maxBytes(), key.recordKey(), shuffled ? null : key.partitioner());
    }

    @Nullable
    FilterSpec filter() {
        List<Condition> conditions = new ArrayList<>();
        for (int i = 0; i < properties.filter().size(); i++) {
            Condition condition = condition(properties.filter().get(i), "filter[" + i + "]");
            if (condition != null) {
                conditions.add(condition);
            }
        }
        return conditions.size() < properties.filter().size()
                ? null
                : new FilterSpec(conditions, properties.source().nullValues() == NullValues.SKIP);
    }

    private @Nullable Condition condition(PipelineProperties.Condition condition, String property) {
        String field = condition.field();
        FilterSpec.Operator operator = condition.op();
        String value = condition.value();
        if (field == null) {
            problems.add(property + ".field", null, "is required: the field to look at", "status");
        } else {
            reference(property + ".field", field);
        }
        if (operator == null) {
            problems.add(property + ".op", null, "is required: how the field is compared", "eq");
        }
        if (value != null && !condition.values().isEmpty()) {
            problems.add(property + ".value", value, "excludes values; leave one of them out", null);
            return null;
        }
        if (field == null || operator == null) {
            return null;
        }
        List<String> values = value == null ? condition.values() : List.of(value);
        FieldType type = values(field).type();
        String valued = property + (value == null ? ".values" : ".value");
        Condition read = problems.attempt(
                valued,
                value == null ? condition.values() : value,
                () -> type == null
                        ? new Condition(field, operator, values)
                        : new Condition(
                                field,
                                operator,
                                values,
                                type == FieldType.NUMBER ? FilterSpec.Comparison.NUMBER : FilterSpec.Comparison.TEXT));
        if (read != null && operator.compares() && read.comparison() == FilterSpec.Comparison.NUMBER) {
            problems.takesNumbers(valued);
        }
        return read;
    }
}
