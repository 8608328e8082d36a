package io.tally.config.property;

import io.tally.codec.framing.Split;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where records come from and how their fields are found.
 *
 * @param topic Topic that is read. Required. Its partitions are the unit of work and of recovery; their number must not
 *     change while the pipeline has state.
 * @param format Form of the record values: text (see columns and pattern); json or ndjson (see fields); csv, columns
 *     with commas and double quotes; clf or combined, access logs of Apache and nginx, whose fields are host, ident,
 *     user, time, request, method, target, protocol, status, bytes, referer and agent; or w3c, logs of IIS and
 *     CloudFront, by their header lines. Default: json if there are fields, else text.
 * @param columns Text and csv: names of the columns in their order; what follows the last one is ignored. Either
 *     columns or a pattern is required for text. W3c: all fields of the lines before the first header line, in their
 *     order. Default: none, such lines of w3c are dead letters.
 * @param separator Text and csv: the one ASCII character between two columns. Default: a blank, for csv a comma.
 * @param quote Text: the one ASCII character around columns that may hold separators and line ends (RFC 4180: within
 *     them it is doubled), or none if quotes are characters like others. Default: a column that begins or ends with a
 *     double quote makes its record a dead letter; for csv the double quote.
 * @param split What one event is: none, a record, and one that holds several lines or JSON documents is a dead letter;
 *     whole, a record whatever it holds, such as a message with its stack trace; lines, each line; array, each element
 *     of a JSON array; or values, each JSON document. Default: none, for ndjson lines.
 * @param skip Texts that are no events.
 * @param invalidUtf8 What becomes of bytes that are not UTF-8: dead-letter, a record that has them where a text is
 *     needed is a dead letter; or replace, U+FFFD takes their place in the whole value.
 * @param maxBytes The longest value of a record in bytes, 1 to 1073741824; a record with a longer one is a dead letter.
 * @param maxEvents The most events that a record may hold if it is split, 1 to 1048576; a record with more is a dead
 *     letter as a whole, since all its events are in one transaction.
 * @param maxMatchBytes Text: how many bytes of a line the pattern may look at, 1 to 65536; a line for which it would
 *     have to look at more is a dead letter.
 * @param pattern Text, instead of columns: a regular expression with named groups, which are the fields; it must match
 *     at the start of the line. Default: none, there are columns.
 * @param fields JSON: field names and where they are found, as JSON Pointers (RFC 6901) such as /client/ip. Required
 *     for json and ndjson if a field is used.
 * @param missing Texts that mean "no value" in fields that aggregate functions read. Functions pass over a record with
 *     such a text, as if the field were absent or null. Default: the empty text and "-" where a function needs numbers,
 *     none where it takes texts.
 * @param values By field: what its values are, and what becomes of records without one. Default: none.
 * @param nullValues What becomes of a record whose value is null, such as the tombstone of a CDC topic: dead-letter; or
 *     skip, it counts as filtered.
 */
public record SourceProperties(
        @Nullable String topic,
        @Nullable Format format,
        @DefaultValue List<String> columns,
        @Nullable String separator,
        @Nullable String quote,
        @Nullable String pattern,
        @DefaultValue Map<String, String> fields,
        @Nullable Split split,
        @DefaultValue Skip skip,
        @DefaultValue("dead-letter") InvalidUtf8 invalidUtf8,
        @DefaultValue("4194304") int maxBytes,
        @DefaultValue("100000") int maxEvents,
        @DefaultValue("8192") int maxMatchBytes,
        @Nullable List<String> missing,
        @DefaultValue Map<String, Values> values,
        @DefaultValue("dead-letter") NullValues nullValues) {
    public SourceProperties {
        topic = Texts.blankToNull(topic);
        columns = List.copyOf(columns);
        quote = Texts.blankToNull(quote);
        pattern = Texts.blankToNull(pattern);
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
        missing = missing == null ? null : List.copyOf(missing);
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** Form of a record's value. */
    public enum Format {
        /** A line of text: columns, or a regular expression. */
        TEXT,
        /** A JSON document. */
        JSON,
        /** Columns at commas, which may be quoted (RFC 4180). */
        CSV,
        /** JSON documents, one a line. */
        NDJSON,
        /** A line of an access log in the common log format of Apache and nginx. */
        CLF,
        /** Likewise in the combined log format. */
        COMBINED,
        /** A line of the W3C's extended log format, as IIS and CloudFront write it. */
        W3C
    }

    /** What becomes of bytes that are not UTF-8. */
    public enum InvalidUtf8 {
        /** Where a text is needed, the record is a dead letter. */
        DEAD_LETTER,
        /** They are replaced. */
        REPLACE
    }

    /**
     * Texts that are no events, such as comments and headers. They count as filtered; nothing of them is read.
     *
     * @param prefixes Those that begin with one of these, for example "#". Default: none.
     * @param pattern Those that this regular expression matches at their beginning. Default: none.
     */
    public record Skip(
            @DefaultValue List<String> prefixes, @Nullable String pattern) {
        public Skip {
            prefixes = List.copyOf(prefixes);
            pattern = Texts.blankToNull(pattern);
        }
    }

    /** What becomes of records whose value is null. */
    public enum NullValues {
        /** They are dead letters. */
        DEAD_LETTER,
        /** They count as filtered. */
        SKIP
    }

    /** What the values of a field are. */
    public enum FieldType {
        /** Texts. */
        TEXT,
        /** Decimal numbers. */
        NUMBER
    }

    /** What becomes of a value that is there and cannot be read. */
    public enum Unreadable {
        /** The record is a dead letter. */
        DEAD_LETTER,
        /** It counts as missing. */
        MISSING
    }

    /**
     * The values of one field.
     *
     * @param type How filters compare the field: number (200 and 200.0 are equal) or text. Default: the filter's
     *     operator decides.
     * @param missing Texts that mean "no value" in this field. Default: those of the source.
     * @param unreadable What becomes of a record whose value a function cannot read: dead-letter, or missing, as if it
     *     had none.
     * @param required Whether a record without a value, which a function needs, is a dead letter.
     * @param ifMissing What functions see in place of a missing value, for example 0. Default: nothing, they pass over
     *     the record.
     */
    @ConfigurationProperties("tally.pipelines.*.source.values.*")
    public record Values(
            @Nullable FieldType type,
            @Nullable List<String> missing,
            @DefaultValue("dead-letter") Unreadable unreadable,
            @DefaultValue("false") boolean required,
            @Nullable String ifMissing) {
        public static final Values DEFAULT = new Values(null, null, Unreadable.DEAD_LETTER, false, null);

        public Values {
            missing = missing == null ? null : List.copyOf(missing);
        }
    }
}
