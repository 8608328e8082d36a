package io.tally.config;

import io.tally.codec.SourceFormat;
import io.tally.codec.SourceLimits;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Skip;
import io.tally.codec.framing.Split;
import io.tally.codec.json.JsonFormat;
import io.tally.codec.log.AccessLogFormat;
import io.tally.codec.log.W3cFormat;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.text.PatternFormat;
import io.tally.codec.text.Quote;
import io.tally.config.problem.Problems;
import io.tally.config.property.SourceProperties;
import io.tally.config.property.SourceProperties.Format;
import io.tally.config.property.SourceProperties.InvalidUtf8;
import io.tally.config.property.Texts;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The properties that say how the fields of a record are found. */
final class FormatReader {
    private static final String COMMA = ",";
    private static final String BLANK = " ";

    private final SourceProperties source;
    private final Problems problems;

    FormatReader(SourceProperties source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** Null if there was a problem with it. */
    @Nullable
    SourceFormat read() {
        Format chosen = chosen();
        Skip skip = skip();
        if (chosen == null) {
            return null;
        }
        SourceFormat event = event(chosen);
        if (event == null || skip == null) {
            return null;
        }
        Split split = split(chosen);
        boolean repairs = repairs();
        SourceLimits limits = limits();
        return limits == null
                ? null
                : problems.attempt("source.split", split, () -> new FramedFormat(event, split, skip, repairs, limits));
    }

    /** One at a time, so that each problem has the name of its property. */
    private @Nullable SourceLimits limits() {
        Object bytes = problems.attempt(
                "source.max-bytes",
                source.maxBytes(),
                () -> new SourceLimits(source.maxBytes(), SourceLimits.DEFAULT.maxEvents()));
        Object events = problems.attempt(
                "source.max-events",
                source.maxEvents(),
                () -> new SourceLimits(SourceLimits.DEFAULT.maxBytes(), source.maxEvents()));
        return bytes == null || events == null ? null : new SourceLimits(source.maxBytes(), source.maxEvents());
    }

    private @Nullable Format chosen() {
        if (source.format() != null) {
            return source.format();
        }
        boolean text = !source.columns().isEmpty() || source.pattern() != null;
        boolean json = !source.fields().isEmpty();
        if (text && json) {
            problems.add(
                    "source.format", null, "is required if there are both fields and columns or a pattern", "text");
            return null;
        }
        return json ? Format.JSON : Format.TEXT;
    }

    private Split split(Format chosen) {
        Split split = source.split();
        if (split != null) {
            return split;
        }
        return chosen == Format.NDJSON ? Split.LINES : Split.NONE;
    }

    private @Nullable SourceFormat event(Format chosen) {
        return switch (chosen) {
            case JSON, NDJSON -> json(chosen);
            case TEXT -> source.pattern() == null ? columns(BLANK, Quote.UNEXPECTED) : pattern(source.pattern());
            case CSV -> columns(COMMA, Quote.of("\""));
            case CLF -> accessLog(chosen, false);
            case COMBINED -> accessLog(chosen, true);
            case W3C -> w3c(chosen);
        };
    }

    private boolean repairs() {
        return source.invalidUtf8() == InvalidUtf8.REPLACE;
    }

    private @Nullable SourceFormat json(Format chosen) {
        source.fields().keySet().forEach(name -> Texts.refuseYamlWords("source.fields", name, problems));
        boolean whole = split(chosen) == Split.WHOLE;
        return problems.attempt(
                "source.fields", source.fields(), () -> new JsonFormat(source.fields(), whole, repairs()));
    }

    private @Nullable SourceFormat columns(String otherwise, Quote unquoted) {
        List<String> columns = source.columns();
        if (columns.isEmpty()) {
            problems.add(
                    "source.columns",
                    null,
                    "or source.pattern is required for a text, source.fields for JSON",
                    "[time, ip]");
            return null;
        }
        String separator = source.separator() == null ? otherwise : source.separator();
        // One at a time, so that each problem has the name of its property.
        Object names = problems.attempt("source.columns", columns, () -> new ColumnsFormat(columns, ' '));
        SourceFormat separated = problems.attempt(
                "source.separator", separator, () -> ColumnsFormat.of(List.of("column"), separator, Quote.UNEXPECTED));
        String text = source.quote();
        Quote quote = separated == null
                ? null
                : problems.attempt("source.quote", text, () -> {
                    Quote read = text == null ? unquoted : Quote.of(text);
                    ColumnsFormat.of(List.of("column"), separator, read);
                    return read;
                });
        return names == null || quote == null ? null : ColumnsFormat.of(columns, separator, quote);
    }

    private @Nullable SourceFormat pattern(String pattern) {
        if (!source.columns().isEmpty()) {
            problems.add(
                    "source.pattern",
                    pattern,
                    "excludes source.columns " + source.columns() + "; leave one of them empty",
                    null);
            return null;
        }
        Object limited = problems.attempt(
                "source.max-match-bytes",
                source.maxMatchBytes(),
                () -> new PatternFormat("(?<any>.)", source.maxMatchBytes()));
        return limited == null
                ? null
                : problems.attempt("source.pattern", pattern, () -> new PatternFormat(pattern, source.maxMatchBytes()));
    }

    private @Nullable SourceFormat accessLog(Format chosen, boolean combined) {
        return saysItAll(chosen, Map.of("columns", !source.columns().isEmpty())) ? new AccessLogFormat(combined) : null;
    }

    private @Nullable SourceFormat w3c(Format chosen) {
        boolean known = saysItAll(chosen, Map.of());
        SourceFormat format =
                problems.attempt("source.columns", source.columns(), () -> new W3cFormat(source.columns()));
        return known ? format : null;
    }

    /** Notes a problem for each property that is set although the format leaves no choice; false if there is one. */
    private boolean saysItAll(Format chosen, Map<String, Boolean> more) {
        Map<String, Boolean> set = new TreeMap<>(more);
        set.put("separator", source.separator() != null);
        set.put("quote", source.quote() != null);
        set.put("pattern", source.pattern() != null);
        set.put("fields", !source.fields().isEmpty());
        set.forEach((property, isSet) -> {
            if (isSet) {
                problems.add(
                        "source." + property,
                        null,
                        "has no meaning for format " + chosen.name().toLowerCase(Locale.ROOT)
                                + ", which says it all; leave it out",
                        null);
            }
        });
        return !set.containsValue(true);
    }

    private @Nullable Skip skip() {
        SourceProperties.Skip skip = source.skip();
        Object prefixes =
                problems.attempt("source.skip.prefixes", skip.prefixes(), () -> new Skip(skip.prefixes(), null));
        Object pattern =
                problems.attempt("source.skip.pattern", skip.pattern(), () -> new Skip(List.of(), skip.pattern()));
        return prefixes == null || pattern == null ? null : new Skip(skip.prefixes(), skip.pattern());
    }
}
