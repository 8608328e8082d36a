package io.tally.config.property;

import io.tally.codec.sink.SinkFormat.Escape;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where results go and how they are written.
 *
 * @param topic Topic that results are written to. Required. Its readers must use isolation.level=read_committed.
 * @param format Form of the results: json (an object with windowStart, windowEnd, key and the aggregates) or text (see
 *     template). Default: text if there is a template, else json.
 * @param template Text: the line, with placeholders {start}, {end}, {key}, the name of a key field or of an aggregate,
 *     and where rows may come again {revision}, {final} and for sessions {replaces}; doubled braces stand for one
 *     brace. Required if the format is text.
 * @param timeFormat Text: how start and end are written: a date-time pattern, iso, epoch-seconds, epoch-millis,
 *     epoch-micros or epoch-nanos. Default: the pattern of the source's timestamp if it has one, followed by the offset
 *     where clocks show a time twice; else iso.
 * @param zone Text: time zone of a date-time pattern. Default: the zone of the source's timestamp.
 * @param key Record key of a row: key, the group key; or window-and-key, a JSON array of the window's start, its end
 *     and the group key, so that a compacted topic keeps the last row of each window instead of the last window.
 * @param escape Text: what is escaped in keys and other texts, as in a JSON string: separators (what the template has
 *     between its placeholders, line ends, other control characters, backslashes), so that each row can be split; or
 *     none, if texts hold nothing of the kind.
 */
public record SinkProperties(
        @Nullable String topic,
        @Nullable RowFormat format,
        @Nullable String template,
        @Nullable String timeFormat,
        @Nullable ZoneId zone,
        @DefaultValue("key") SinkKey key,
        @DefaultValue("separators") Escape escape) {
    public SinkProperties {
        topic = Texts.blankToNull(topic);
        template = Texts.blankToNull(template);
        timeFormat = Texts.blankToNull(timeFormat);
    }

    /** Form of a row. */
    public enum RowFormat {
        /** A line by the template. */
        TEXT,
        /** A JSON object. */
        JSON
    }

    /** The record key of a row. */
    public enum SinkKey {
        /** The group key. */
        KEY,
        /** The window's start and end, and the group key. */
        WINDOW_AND_KEY
    }
}
