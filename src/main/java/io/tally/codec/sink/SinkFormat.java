package io.tally.codec.sink;

import io.tally.codec.time.TimeWriter;
import io.tally.setting.Setting;
import java.time.ZoneId;

/** How a row is written. */
public sealed interface SinkFormat {
    /**
     * A line of text.
     *
     * @param template literals and placeholders: {@code {start}} and {@code {end}} of the window, {@code {key}}, the
     *     name of a key field or of an aggregate; <code>{{</code> and <code>}}</code> stand for one brace. For example
     *     <code>{start} {key} {count}</code>. An aggregate without a value is empty; one with several (top, quantiles,
     *     collect) is compact JSON, so that no character within can be taken for a separator. Where rows have
     *     revisions, there are {@code {revision}} and {@code {final}} (true or false), and for sessions
     *     {@code {replaces}}, pairs of start and end in JSON. If the template leaves out what a reader needs to know
     *     which rows a row replaces, the line ends with it, after a blank: {@code {end}} where windows may begin
     *     together, {@code {revision}} unless there is {@code {final}}, and {@code {replaces}}. Running totals have no
     *     {@code {end}}; their start is the epoch
     * @param timeFormat of start and end: {@code iso}, {@code epoch-seconds}, {@code epoch-millis},
     *     {@code epoch-micros}, {@code epoch-nanos}, or a {@link java.time.format.DateTimeFormatter} pattern (English)
     * @param zone of a pattern; {@code iso} is always UTC
     * @param offsets whether a time that clocks show twice, when they go back, is followed by its offset
     *     ({@code +02:00}) if the pattern does not tell the two apart
     * @param escape what is escaped in texts: keys, key fields, results that are texts, and the strings of results that
     *     are JSON
     */
    record Text(String template, String timeFormat, ZoneId zone, boolean offsets, Escape escape) implements SinkFormat {
        public Text {
            TimeWriter.create(timeFormat, zone, offsets);
            if (Template.parse(template).parts().isEmpty()) {
                throw new IllegalArgumentException(
                        Setting.SINK_TEMPLATE + " is empty; for example {start} {key} {count}");
            }
        }

        /** A line with the default escapes, and times exactly in their format. */
        public Text(String template, String timeFormat, ZoneId zone) {
            this(template, timeFormat, zone, false, Escape.SEPARATORS);
        }
    }

    /** What is escaped in the texts of a line. */
    enum Escape {
        /** The template's separators, line ends and other control characters, and backslashes, as in a JSON string. */
        SEPARATORS,
        /** Nothing. */
        NONE
    }

    /**
     * A JSON object: {@code {"windowStart":"2026-01-01T00:00:00Z","windowEnd":"2026-01-01T00:00:05Z","key":"k",...}},
     * then each key field if there are several, then each aggregate. Numbers are exact JSON numbers; several values are
     * arrays and objects; a result without a value is null. Where rows have revisions, the object ends with
     * {@code "revision":1,"final":true}, for sessions followed by
     * {@code "replaces":[{"windowStart":"...","windowEnd":"..."}]}. Running totals have no window.
     */
    record Json() implements SinkFormat {}
}
