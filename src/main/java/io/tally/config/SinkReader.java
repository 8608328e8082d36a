package io.tally.config;

import io.tally.codec.sink.SinkFormat;
import io.tally.codec.time.TimestampSpec;
import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.SinkProperties;
import io.tally.config.property.SourceProperties.Format;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads how a pipeline's rows are written. */
final class SinkReader {
    private final PipelineProperties properties;
    private final Problems problems;

    SinkReader(PipelineProperties properties, Problems problems) {
        this.properties = properties;
        this.problems = problems;
    }

    /** The format, null if there was a problem with it. */
    @Nullable
    SinkFormat read(@Nullable TimestampSpec timestamp) {
        SinkProperties sink = properties.sink();
        String template = sink.template();
        Format format = sink.format() != null ? sink.format() : template == null ? Format.JSON : Format.TEXT;
        if (format == Format.JSON) {
            return new SinkFormat.Json();
        }
        if (template == null) {
            problems.add("sink.template", null, "is required for format text", "{start} {key} {count}");
            return null;
        }
        String same = timestamp != null && timestamp.hasPattern() ? timestamp.format() : "iso";
        String timeFormat = sink.timeFormat() != null ? sink.timeFormat() : same;
        ZoneId zone = sink.zone() != null ? sink.zone() : properties.timestamp().zone();
        Object timed =
                problems.attempt("sink.time-format", timeFormat, () -> new SinkFormat.Text("{key}", timeFormat, zone));
        Object parsed =
                problems.attempt("sink.template", template, () -> new SinkFormat.Text(template, "iso", ZoneOffset.UTC));
        // A pattern that the user chose for rows is used as it is. The pattern of the source may not suit rows.
        boolean offsets = sink.timeFormat() == null;
        return timed == null || parsed == null
                ? null
                : new SinkFormat.Text(template, timeFormat, zone, offsets, sink.escape());
    }
}
