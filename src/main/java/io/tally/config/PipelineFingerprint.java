package io.tally.config;

import io.tally.codec.SourceFormat;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.decode.InputField;
import io.tally.codec.key.KeySpec;
import io.tally.codec.key.RecordKeyForm;
import io.tally.codec.time.AmbiguousTime;
import io.tally.codec.time.TimestampSpec;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.WindowProperties;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The canonical descriptions that a pipeline's fingerprint hashes, one line per fact. They are durable: committed
 * offsets carry the hashes, so a description must not change with the code, only with the meaning of the configuration.
 * Names of aggregates, topics and everything about the sink are left out, because neither state nor replay depends on
 * them.
 */
final class PipelineFingerprint {
    private PipelineFingerprint() {}

    /**
     * Describes what gives stored entries their meaning: the key, the window, and the aggregates in the order of their
     * cells.
     *
     * @param aggregates for each function its type, its field, and everything else that its accumulators depend on
     */
    static String structure(PipelineProperties properties, WindowSpec spec, List<List<String>> aggregates) {
        StringBuilder text = new StringBuilder();
        line(text, "key", properties.key().fields());
        if (properties.key().fields().isEmpty() && properties.key().recordKey() != RecordKeyForm.TEXT) {
            line(text, "record-key", List.of(lower(properties.key().recordKey())));
        }
        WindowProperties window = properties.window();
        line(text, "window", window(window));
        if (window.type() == WindowProperties.WindowType.CALENDAR) {
            line(text, "window-zone", List.of(windowZone(properties).getId()));
            if (window.firstDay() != null && window.firstDay() != DayOfWeek.MONDAY) {
                line(text, "week-from", List.of(lower(window.firstDay())));
            }
        }
        String offset = offset(window);
        if (offset != null) {
            line(text, "window-offset", List.of(offset));
        }
        if (spec.hasRevisions()) {
            line(text, "revisions", List.of(spec.allowedLateness().toString()));
        }
        if (spec.kind() instanceof WindowKind.Sessions
                && !spec.allowedLateness().isZero()) {
            // The unshown change is part of a session's state, and only updates would ever show it.
            line(text, "emission", List.of(lower(spec.emission())));
        }
        aggregates.forEach(description -> line(text, "aggregate", description));
        return text.toString();
    }

    private static List<String> window(WindowProperties window) {
        String type = lower(window.type());
        String size = String.valueOf(window.size());
        return switch (window.type()) {
            case TUMBLING -> List.of(type, size);
            case CALENDAR -> List.of(type, calendar(window));
            case HOPPING, CUMULATIVE -> List.of(type, size, String.valueOf(window.advance()));
            case SESSION -> List.of(type, String.valueOf(window.gap()));
            case NONE -> List.of(type, String.valueOf(window.ttl()));
        };
    }

    /** Hours and days are written as a size, which was the only way before there were units. */
    private static String calendar(WindowProperties window) {
        WindowProperties.WindowUnit unit = Objects.requireNonNull(CalendarReader.unit(window), "sound");
        return switch (unit) {
            case HOUR -> String.valueOf(Duration.ofHours(1));
            case DAY -> String.valueOf(Duration.ofDays(1));
            default -> lower(unit);
        };
    }

    /** Where windows begin; null if they begin where they would without an offset. */
    private static @Nullable String offset(WindowProperties window) {
        if (window.offset() == null) {
            return null;
        }
        Duration offset = window.type() == WindowProperties.WindowType.CALENDAR
                ? CalendarReader.offset(window)
                : Duration.ofMillis(Math.floorMod(window.offset().toMillis(), step(window)));
        return offset.isZero() ? null : offset.toString();
    }

    private static long step(WindowProperties window) {
        Duration step = window.type() == WindowProperties.WindowType.HOPPING ? window.advance() : window.size();
        return Objects.requireNonNull(step, "sound").toMillis();
    }

    /** The zone of calendar windows. */
    static ZoneId windowZone(PipelineProperties properties) {
        ZoneId zone = properties.window().zone();
        return zone == null ? properties.timestamp().zone() : zone;
    }

    /** Describes what decides how a record is classified and folded. */
    static String replay(
            SourceFormat source,
            TimestampSpec timestamp,
            KeySpec key,
            FilterSpec filter,
            List<InputField> inputs,
            Duration grace) {
        StringBuilder text = new StringBuilder();
        source.facts().forEach(fact -> line(text, fact.name(), fact.values()));
        line(text, source.limits().fact().name(), source.limits().fact().values());
        if (timestamp.field() == null) {
            line(text, "time-of-record", List.of());
        } else {
            line(
                    text,
                    "time",
                    List.of(
                            timestamp.field(),
                            timestamp.format(),
                            timestamp.zone().getId()));
        }
        if (timestamp.isIso()) {
            // Older versions read only the plain forms of iso.
            line(text, "iso", List.of("rfc3339"));
        }
        // The behaviour of versions without the choice has no line.
        if (!timestamp.further().isEmpty()) {
            line(text, "time-fields", timestamp.further());
        }
        if (timestamp.mayBeAmbiguous() && timestamp.ambiguousTime() != AmbiguousTime.EARLIER) {
            line(text, "ambiguous-time", List.of(lower(timestamp.ambiguousTime())));
        }
        line(
                text,
                "bounds",
                List.of(timestamp.floor().toString(), timestamp.maxAhead().toString()));
        line(text, "key-rules", List.of(String.valueOf(key.verify()), String.valueOf(key.maxBytes())));
        if (key.readsRecordKey() && key.form() != RecordKeyForm.TEXT) {
            line(text, "record-key", List.of(lower(key.form())));
        }
        if (key.readsRecordKey() && key.partitioner() != null) {
            line(text, "partitioner", List.of(lower(key.partitioner())));
        }
        filter.conditions().forEach(condition -> {
            line(text, "filter", List.of(condition.field(), condition.operator().label()));
            if (condition.comparesNumbersAsTexts()) {
                line(text, "compared", List.of("text"));
            }
            line(text, "values", condition.values());
        });
        if (filter.nullValues()) {
            line(text, "null-values", List.of("skip"));
        }
        // By name, since the order of the functions does not matter.
        inputs.stream()
                .sorted(Comparator.comparing(InputField::name).thenComparing(InputField::kind))
                .map(InputField::fact)
                .filter(Objects::nonNull)
                .forEach(fact -> line(text, fact.name(), fact.values()));
        line(text, "grace", List.of(grace.toString()));
        return text.toString();
    }

    private static String lower(@Nullable Object constant) {
        return String.valueOf(constant).toLowerCase(Locale.ROOT);
    }

    /** Each value has its length in front, so that no value can look like the border between two. */
    private static void line(StringBuilder text, String fact, Collection<String> values) {
        text.append(fact);
        values.forEach(
                value -> text.append(' ').append(value.length()).append(':').append(value));
        text.append('\n');
    }
}
