package io.tally.config;

import io.tally.codec.sink.SinkFormat;
import io.tally.codec.time.TimestampSpec;
import io.tally.config.problem.Problems;
import io.tally.config.property.SinkProperties;
import io.tally.config.property.SinkProperties.RowFormat;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** Reads how the rows of one of a pipeline's sinks are written. */
final class SinkReader {
    private final SinkProperties sink;
    private final ZoneId sourceZone;
    private final Problems problems;

    /** @param problems takes names below the sink's group */
    SinkReader(SinkProperties sink, ZoneId sourceZone, Problems problems) {
        this.sink = sink;
        this.sourceZone = sourceZone;
        this.problems = problems;
    }

    /** The format, null if there was a problem with it. */
    @Nullable
    SinkFormat read(@Nullable TimestampSpec timestamp) {
        String template = sink.template();
        RowFormat format = sink.format() != null ? sink.format() : template == null ? RowFormat.JSON : RowFormat.TEXT;
        if (format == RowFormat.JSON) {
            return new SinkFormat.Json();
        }
        if (template == null) {
            problems.add("template", null, "is required for format text", "{start} {key} {count}");
            return null;
        }
        String same = timestamp != null && timestamp.hasPattern() ? timestamp.format() : "iso";
        String timeFormat = sink.timeFormat() != null ? sink.timeFormat() : same;
        ZoneId zone = sink.zone() != null ? sink.zone() : sourceZone;
        Object timed =
                problems.attempt("time-format", timeFormat, () -> new SinkFormat.Text("{key}", timeFormat, zone));
        Object parsed =
                problems.attempt("template", template, () -> new SinkFormat.Text(template, "iso", ZoneOffset.UTC));
        // A pattern that the user chose for rows is used as it is. The pattern of the source may not suit rows.
        boolean offsets = sink.timeFormat() == null;
        return timed == null || parsed == null
                ? null
                : new SinkFormat.Text(template, timeFormat, zone, offsets, sink.escape());
    }
}
