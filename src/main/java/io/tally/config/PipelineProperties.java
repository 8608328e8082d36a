package io.tally.config;

import io.tally.codec.decode.FilterSpec.Operator;
import io.tally.codec.framing.Split;
import io.tally.codec.key.Partitioner;
import io.tally.codec.key.RecordKeyForm;
import io.tally.codec.sink.SinkFormat.Escape;
import io.tally.codec.time.AmbiguousTime;
import io.tally.pipeline.KeyPlaces;
import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * One pipeline as the user wrote it.
 *
 * <p>The annotations with a wildcard in their prefix are for the metadata processor, which does not look into the
 * values of maps and lists by itself. These types are only bound as parts of {@link TallyProperties}, never registered.
 *
 * @param enabled Whether this instance runs the pipeline.
 * @param groupId Consumer group of the pipeline, whose committed offsets are its progress. Default: "tally-" and the
 *     name of the pipeline.
 * @param lanes Consumer threads of this instance, 1 to 1000; each takes a share of the source's partitions. More lanes
 *     than partitions (over all instances) are idle.
 * @param maxRecordsPerTransaction The most source records of a transaction, 1 to 10000000. While polls
 *     (spring.kafka.consumer.max-poll-records) are full, a transaction takes in several, for about 250ms at most. So
 *     this matters only while the pipeline catches up: fewer commits are faster.
 * @param maxRowsPerTransaction About the most rows of closing windows in a transaction of a lane, 1 to 10000000.
 *     Further rows leave in the next transactions, so that a jump in time and a window of many keys fit into the
 *     timeout of a transaction.
 * @param commitInterval How long records may wait for the commit of their offsets while no rows leave, 0s (not at all)
 *     to 500ms. Records that follow go into the same transaction. Rows do not wait for it.
 * @param accessTimeout How long Tally waits for a permission or a topic that goes missing while the pipeline runs, 0s
 *     or more. Until then it tries again every few seconds. After that the partition, or the lane, stops with an
 *     explanation.
 * @param createTopics Whether missing late, dead-letter, state and shuffle topics are created. Source and sink never
 *     are.
 * @param shuffle Whether records are brought together by group key through a topic of their own: always; never, if the
 *     source is partitioned by the group key; or auto, never if the group key is the record key, else always.
 * @param idleTimeout Time without a record after which all open windows of a partition close, at least 1ms. Records
 *     that come for them later are late. Default: never, so that results depend on the records alone.
 * @param maxOpenEntries Limit of open (window, key) entries per source partition, at least 1: beyond it the partition
 *     stops with an explanation. Default: none, since maxOpenBytes guards the heap.
 * @param maxOpenBytes How much of the heap the open windows of all of the pipeline's partitions may take in this
 *     process, at least 1MB: beyond it a partition stops with an explanation. Default: pipelines that set nothing here
 *     share half of the heap equally, after what the others set is subtracted.
 * @param filter Conditions that must all hold for a record to be counted, tried in their order. Default: none, every
 *     record is counted.
 * @param emit When rows leave: final, when their window closes; or updates, also while it grows. Rows that may come
 *     again have a revision. Default: final; for windows of type none, updates.
 * @param emitInterval With updates: age in processing time at which a change leaves, with unit. With 0s it leaves at
 *     once, in the transaction of the record. If it is longer than checkpoint.interval, it is used in place of that,
 *     except for sessions and totals with a ttl.
 * @param uncounted When a pipeline that counts hardly any record is not to look well.
 * @param aggregates The aggregate functions by name; the name is a placeholder of a text sink and a field of a JSON
 *     sink. Default: "count" of type count.
 */
@ConfigurationProperties("tally.pipelines.*")
public record PipelineProperties(
        @DefaultValue("true") boolean enabled,
        @Nullable String groupId,
        @DefaultValue("1") int lanes,
        @DefaultValue("200000") int maxRecordsPerTransaction,
        @DefaultValue("50000") int maxRowsPerTransaction,
        @DefaultValue("100ms") Duration commitInterval,
        @DefaultValue("5m") Duration accessTimeout,
        @DefaultValue("true") boolean createTopics,
        @DefaultValue("auto") ShuffleMode shuffle,
        @DefaultValue ShuffleTopic shuffleTopic,
        @Nullable Duration idleTimeout,
        @Nullable Long maxOpenEntries,
        @Nullable DataSize maxOpenBytes,
        @DefaultValue Source source,
        @DefaultValue Timestamp timestamp,
        @DefaultValue Key key,
        @DefaultValue List<Condition> filter,
        @DefaultValue Window window,
        @Nullable Emit emit,
        @Nullable Duration emitInterval,
        @DefaultValue Map<String, AggregateFunction> aggregates,
        @DefaultValue Sink sink,
        @DefaultValue Late late,
        @DefaultValue DeadLetter deadLetter,
        @DefaultValue State state,
        @DefaultValue Checkpoint checkpoint,
        @DefaultValue Uncounted uncounted) {

    public PipelineProperties {
        groupId = Texts.blankToNull(groupId);
        filter = List.copyOf(filter);
        aggregates = aggregates.isEmpty()
                ? Map.of("count", AggregateFunction.COUNT)
                : Collections.unmodifiableMap(new LinkedHashMap<>(aggregates));
    }

    /** Whether there is a shuffle. */
    public enum ShuffleMode {
        /** A shuffle unless the group key is the record key. */
        AUTO,
        /** A shuffle. */
        ALWAYS,
        /** No shuffle: the source is partitioned by the group key. */
        NEVER
    }

    /** One of the two stages of a shuffle. */
    public enum ShuffleStage {
        /** From the source to the shuffle topic. */
        COMBINE,
        /** From the shuffle topic to the sink. */
        MERGE
    }

    /**
     * The topic of a shuffle, and what this instance does on its two sides.
     *
     * @param name Topic of the shuffle. Default: the group id, "-", the source topic and "-shuffle".
     * @param partitions Number of partitions that the topic is created with, 1 to 100000, over which the merge can be
     *     spread. Default: as many as the source has.
     * @param stages What this instance does: combine, merge or both. Default: both.
     * @param mergeLanes Consumer threads of this instance that merge, 1 to 1000. Default: as lanes, or less if the
     *     topic has fewer partitions.
     */
    public record ShuffleTopic(
            @Nullable String name,
            @Nullable Integer partitions,
            @DefaultValue({"combine", "merge"}) List<ShuffleStage> stages,
            @Nullable Integer mergeLanes) {
        public ShuffleTopic {
            name = Texts.blankToNull(name);
            stages = List.copyOf(stages);
        }
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
     * @param prefixes Those that begin with one of these, for example "#".
     * @param pattern Those that this regular expression matches at their beginning.
     */
    public record Skip(
            @DefaultValue List<String> prefixes, @Nullable String pattern) {
        public Skip {
            prefixes = List.copyOf(prefixes);
            pattern = Texts.blankToNull(pattern);
        }
    }

    /**
     * Where records come from and how their fields are found.
     *
     * @param topic Topic that is read. Required. Its partitions are the unit of work and of recovery; their number must
     *     not change while the pipeline has state.
     * @param format Form of the record values: text (see columns and pattern); json or ndjson (see fields); csv,
     *     columns with commas and double quotes; clf or combined, access logs of Apache and nginx, whose fields are
     *     host, ident, user, time, request, method, target, protocol, status, bytes, referer and agent; or w3c, logs of
     *     IIS and CloudFront (columns are the names behind #Fields). Default: json if there are fields, else text.
     * @param columns Text and csv: names of the columns in their order; what follows the last one is ignored. Either
     *     columns or a pattern. W3c: all names of the header.
     * @param separator Text and csv: the one ASCII character between two columns. Default: a blank, for csv a comma.
     * @param quote Text: the one ASCII character around columns that may hold separators and line ends (RFC 4180:
     *     within them it is doubled), or none if quotes are characters like others. Default: a column that begins or
     *     ends with a double quote makes its record a dead letter; for csv the double quote.
     * @param split What one event is: none, a record, and one that holds several lines or JSON documents is a dead
     *     letter; whole, a record whatever it holds, such as a message with its stack trace; lines, each line; array,
     *     each element of a JSON array; or values, each JSON document. Default: none, for ndjson lines.
     * @param skip Texts that are no events.
     * @param invalidUtf8 What becomes of bytes that are not UTF-8: dead-letter, a record that has them where a text is
     *     needed is a dead letter; or replace, U+FFFD takes their place in the whole value.
     * @param maxMatchBytes Text: how many bytes of a line the pattern may look at, 1 to 65536; a line for which it
     *     would have to look at more is a dead letter.
     * @param pattern Text, instead of columns: a regular expression with named groups, which are the fields; it must
     *     match at the start of the line.
     * @param fields JSON: field names and where they are found, as JSON Pointers (RFC 6901) such as /client/ip.
     * @param missing Texts that mean "no value" in fields that aggregate functions read. Functions pass over a record
     *     with such a text, as if the field were absent or null. Default: the empty text and "-" where a function needs
     *     numbers, none where it takes texts.
     * @param values By field: what its values are, and what becomes of records without one.
     * @param nullValues What becomes of a record whose value is null, such as the tombstone of a CDC topic:
     *     dead-letter; or skip, it counts as filtered.
     */
    public record Source(
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
            @DefaultValue("8192") int maxMatchBytes,
            @Nullable List<String> missing,
            @DefaultValue Map<String, Values> values,
            @DefaultValue("dead-letter") NullValues nullValues) {
        public Source {
            topic = Texts.blankToNull(topic);
            columns = List.copyOf(columns);
            quote = Texts.blankToNull(quote);
            pattern = Texts.blankToNull(pattern);
            fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
            missing = missing == null ? null : List.copyOf(missing);
            values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
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
        static final Values DEFAULT = new Values(null, null, Unreadable.DEAD_LETTER, false, null);

        public Values {
            missing = missing == null ? null : List.copyOf(missing);
        }
    }

    /**
     * The event time of a record. Event times outside the bounds make the record a dead letter: they would move the
     * watermark by years, and make all other records late.
     *
     * @param field Field that holds the event time. Default: none, the record timestamp is the event time.
     * @param fields Fields that hold the event time together, in place of field: a date and a time, say. Their texts
     *     are read with a blank between two.
     * @param format How the field is written: a date-time pattern such as yyyy-MM-dd_HH:mm:ss, or iso, epoch-seconds,
     *     epoch-millis, epoch-micros, epoch-nanos. Without meaning if there is no field. Default: iso, or what the
     *     source's format has: dd/MMM/yyyy:HH:mm:ss Z for clf and combined, yyyy-MM-dd HH:mm:ss for w3c.
     * @param zone Time zone of texts that name none, for example UTC or Europe/Berlin.
     * @param ambiguousTime What a local time means that the zone's clocks show twice, when they go back: in-order, the
     *     instant nearer to the latest event time of the partition so far; earlier; or later. It has no meaning for
     *     texts with an offset.
     * @param floor Earliest event time that is believed (ISO-8601, UTC); earlier ones are dead letters.
     * @param maxAhead How far an event time may lie ahead, 0 to 36525d, with unit; beyond, the record is a dead letter.
     *     Ahead of the record timestamp where the broker sets it (LogAppendTime); else of this host's clock when the
     *     record is read for the first time, by a minute or two more.
     */
    public record Timestamp(
            @Nullable String field,
            @DefaultValue List<String> fields,
            @Nullable String format,
            @DefaultValue("UTC") ZoneId zone,
            @DefaultValue("in-order") AmbiguousTime ambiguousTime,
            @DefaultValue("2000-01-01T00:00:00Z") Instant floor,
            @DefaultValue("1d") Duration maxAhead) {
        public Timestamp {
            field = Texts.blankToNull(field);
            fields = List.copyOf(fields);
            format = Texts.blankToNull(format);
        }
    }

    /**
     * What records are grouped by.
     *
     * @param fields Fields whose values form the group key; several form a JSON array of their texts, such as
     *     ["a","b"]. Default: none, the record key is the group key.
     * @param recordKey How the record key is written: text, its bytes are the key; or json, as serializers for JSON
     *     write it, in quotes ("u1" is the key u1).
     * @param verify Whether the record key must equal the group key; a record with another key is a dead letter. All
     *     records of a key are then in one partition if all producers use the same partitioner, see partitioner and
     *     spread. Without it there is a shuffle, unless shuffle is never since the source is partitioned by the group
     *     key in another way. Without meaning in a shuffle.
     * @param partitioner By what producers choose the partition of a record key: murmur2 (Java), crc32 (librdkafka:
     *     Python, C, .NET, Confluent's Go) or fnv1a (Sarama). A record in another partition than that is a dead letter,
     *     which proves that no key is in two. Default: none, records may be in any partition. Without meaning in a
     *     shuffle.
     * @param spread What happens without a shuffle when Tally sees records of a group key in two partitions: refuse,
     *     the partitions stop with an explanation; warn; or ignore, nobody looks.
     * @param maxBytes Longest group key in bytes, 1 to 65535; records with longer ones are dead letters.
     */
    public record Key(
            @DefaultValue List<String> fields,
            @DefaultValue("text") RecordKeyForm recordKey,
            @DefaultValue("true") boolean verify,
            @Nullable Partitioner partitioner,
            @DefaultValue("refuse") KeyPlaces.Action spread,
            @DefaultValue("1024") int maxBytes) {
        public Key {
            fields = List.copyOf(fields);
        }
    }

    /**
     * One condition of the filter.
     *
     * @param field Field that is looked at. Required.
     * @param op Comparison: eq, ne, in, not-in, lt, lte, gt, gte, prefix, contains, matches or exists. Required. lt,
     *     lte, gt and gte compare numbers, the others texts, unless source.values gives the field a type.
     * @param value What the field is compared with; for in and not-in use values.
     * @param values What the field is compared with if there are several, for in and not-in.
     */
    @ConfigurationProperties("tally.pipelines.*.filter[*]")
    public record Condition(
            @Nullable String field,
            @Nullable Operator op,
            @Nullable String value,
            @DefaultValue List<String> values) {
        public Condition {
            field = Texts.blankToNull(field);
            values = List.copyOf(values);
        }
    }

    /** Kind of window. */
    public enum WindowType {
        /** Windows of one size that follow one another without gap or overlap. */
        TUMBLING,
        /** Windows of one size that overlap. */
        HOPPING,
        /** Windows that begin together and grow by a step. */
        CUMULATIVE,
        /** Per key, records that come without a gap. */
        SESSION,
        /** The hours, days, weeks, months, quarters or years of a time zone. */
        CALENDAR,
        /** No windows: running totals. */
        NONE
    }

    /** What calendar windows are. */
    public enum WindowUnit {
        /** Hours of the clock. */
        HOUR,
        /** Days. */
        DAY,
        /** Weeks, from Monday unless there is another first day. */
        WEEK,
        /** Months. */
        MONTH,
        /** Three months, from January, April, July and October. */
        QUARTER,
        /** Years. */
        YEAR
    }

    /** When rows leave. */
    public enum Emit {
        /** When their window closes. */
        FINAL,
        /** Whenever they changed, and when their window closes. */
        UPDATES
    }

    /**
     * The windows in event time.
     *
     * @param type Kind of window. tumbling: windows of one size without gap or overlap, aligned to
     *     1970-01-01T00:00:00Z. hopping: windows of one size that overlap; one begins with each advance. cumulative:
     *     windows that begin with each size and grow by the advance. session: per key, from its first record to the gap
     *     after its last. calendar: the hours, days, weeks, months, quarters or years of a time zone, clock changes
     *     included. none: running totals per key.
     * @param size Length of a window with unit, a whole number of milliseconds, at least 1ms, for example 5s. Required;
     *     it has no meaning for session and none. Calendar takes unit instead, or a size of 1h or 1d.
     * @param unit Calendar: what the windows are: hour, day, week, month, quarter or year. Default: what the size says.
     * @param firstDay Calendar, week: the day that weeks begin with. Default: monday, as in ISO-8601.
     * @param offset By how much later windows begin, with unit; earlier if negative. Tumbling, hopping and cumulative
     *     windows are otherwise counted from 1970-01-01T00:00:00Z; the offset must be less than the size (or advance).
     *     Calendar windows, except hours, otherwise begin at midnight by the clocks of the zone; the offset must be
     *     less than a day. Default: none.
     * @param advance Hopping: how far apart windows begin, at most the size. Cumulative: by how much they grow, which
     *     divides the size. Required for these.
     * @param gap Session: how long in event time a key is without records when its session ends. Required for session.
     * @param ttl None: how long in event time a key may be without records before its total is dropped. Default: for
     *     ever.
     * @param allowedLateness How long in event time a closed window is kept for records that come late. Each of them
     *     brings a corrected row. Not for none.
     * @param zone Calendar: the time zone whose hours, days or longer units are meant. Default: the zone of the
     *     timestamp.
     * @param grace How long a window waits for records that are out of order, in event time and with unit, 0s or more.
     *     Its row leaves when the partition has seen an event time of the window's end plus this. Records for it that
     *     come after that are late.
     */
    public record Window(
            @DefaultValue("tumbling") WindowType type,
            @Nullable Duration size,
            @Nullable WindowUnit unit,
            @Nullable DayOfWeek firstDay,
            @Nullable Duration offset,
            @Nullable Duration advance,
            @Nullable Duration gap,
            @Nullable Duration ttl,
            @Nullable ZoneId zone,
            @DefaultValue("5s") Duration grace,
            @DefaultValue("0s") Duration allowedLateness) {}

    /** Kind of aggregate function. */
    public enum AggregateType {
        /** Number of records. */
        COUNT,
        /** Exact decimal sum. */
        SUM,
        /** Smallest number. */
        MIN,
        /** Greatest number. */
        MAX,
        /** Mean, rounded half up to 6 digits after the point. */
        AVG,
        /** Sample variance, rounded half up to 16 significant digits. */
        VARIANCE,
        /** Sample standard deviation, likewise. */
        STDDEV,
        /** Text at the smallest event time. */
        FIRST,
        /** Text at the greatest event time. */
        LAST,
        /** Exact number of different texts, up to a limit. */
        DISTINCT,
        /** Approximate number of different texts. */
        DISTINCT_APPROX,
        /** Approximate quantiles of a number. */
        QUANTILES,
        /** The texts with the greatest counts or sums, exact, up to a limit of texts. */
        TOP,
        /** The first texts, up to a limit. */
        COLLECT,
        /** A function of the user. */
        CUSTOM
    }

    /**
     * One aggregate function; docs/aggregates.md has all of them with their parameters, memory and error bounds.
     *
     * @param type Function: count, sum, min, max, avg, variance, stddev, first, last, distinct, distinct-approx,
     *     quantiles, top, collect or custom. Required.
     * @param field Field that is aggregated; required except for count and custom. sum, min, max, avg, variance, stddev
     *     and quantiles need decimal numbers, the others take texts.
     * @param limit distinct, top, collect: the most texts that are kept per key and window, 1 to 32768; in any case 256
     *     KiB. Beyond, distinct and top have no result, and collect keeps the first. Default: 1000.
     * @param n top: how many texts are shown, 1 to the limit. Default: 10.
     * @param by top: field of numbers whose sums rank the texts. Default: none, the number of records ranks them.
     * @param quantiles quantiles: which ones, each 0 to 1, for example 0.5 for the median: q of n numbers is the one at
     *     place floor(q (n - 1)), counted from 0, in ascending order. Required for quantiles.
     * @param accuracy quantiles: relative error, 0.001 to 0.1. Default: 0.01.
     * @param precision distinct-approx: logarithm to the base 2 of the sketch's bytes, 6 to 16; the standard error is
     *     0.782 divided by the square root of the bytes. Default: 12, a standard error of 1.2 percent.
     * @param function custom: name of the bean, of type CustomAggregate. Required for custom.
     * @param fields custom: fields that the function reads, in its order.
     */
    @ConfigurationProperties("tally.pipelines.*.aggregates.*")
    public record AggregateFunction(
            @Nullable AggregateType type,
            @Nullable String field,
            @Nullable Integer limit,
            @Nullable Integer n,
            @Nullable String by,
            @DefaultValue List<BigDecimal> quantiles,
            @Nullable BigDecimal accuracy,
            @Nullable Integer precision,
            @Nullable String function,
            @DefaultValue List<String> fields) {
        private static final AggregateFunction COUNT = new AggregateFunction(
                AggregateType.COUNT, null, null, null, null, List.of(), null, null, null, List.of());

        public AggregateFunction {
            field = Texts.blankToNull(field);
            by = Texts.blankToNull(by);
            quantiles = List.copyOf(quantiles);
            function = Texts.blankToNull(function);
            fields = List.copyOf(fields);
        }
    }

    /** The record key of a row. */
    public enum SinkKey {
        /** The group key. */
        KEY,
        /** The window's start and end, and the group key. */
        WINDOW_AND_KEY
    }

    /**
     * Where results go and how they are written.
     *
     * @param topic Topic that results are written to. Required. Its readers must use isolation.level=read_committed.
     * @param format Form of the results: json (an object with windowStart, windowEnd, key and the aggregates) or text
     *     (see template). Default: text if there is a template, else json.
     * @param template Text: the line, with placeholders {start}, {end}, {key}, the name of a key field or of an
     *     aggregate, and where rows may come again {revision}, {final} and for sessions {replaces}; doubled braces
     *     stand for one brace. Required if the format is text.
     * @param timeFormat Text: how start and end are written: a date-time pattern, iso, epoch-seconds, epoch-millis,
     *     epoch-micros or epoch-nanos. Default: the pattern of the source's timestamp if it has one, followed by the
     *     offset where clocks show a time twice; else iso.
     * @param zone Text: time zone of a date-time pattern. Default: the zone of the source's timestamp.
     * @param key Record key of a row: key, the group key; or window-and-key, a JSON array of the window's start, its
     *     end and the group key, so that a compacted topic keeps the last row of each window instead of the last
     *     window.
     * @param escape Text: what is escaped in keys and other texts, as in a JSON string: separators (what the template
     *     has between its placeholders, line ends, other control characters, backslashes), so that each row can be
     *     split; or none, if texts hold nothing of the kind.
     */
    public record Sink(
            @Nullable String topic,
            @Nullable Format format,
            @Nullable String template,
            @Nullable String timeFormat,
            @Nullable ZoneId zone,
            @DefaultValue("key") SinkKey key,
            @DefaultValue("separators") Escape escape) {
        public Sink {
            topic = Texts.blankToNull(topic);
            template = Texts.blankToNull(template);
            timeFormat = Texts.blankToNull(timeFormat);
        }
    }

    /**
     * Late records: those whose windows were all closed when they came.
     *
     * @param topic Topic that late records are written to. Default: the source topic, "-", the name of the pipeline and
     *     "-late".
     */
    public record Late(@Nullable String topic) {
        public Late {
            topic = Texts.blankToNull(topic);
        }
    }

    /**
     * Dead letters: records that cannot be read.
     *
     * @param topic Topic that unreadable records are written to, with the reason in their headers. Default: the source
     *     topic, "-", the name of the pipeline and "-dlt".
     */
    public record DeadLetter(@Nullable String topic) {
        public DeadLetter {
            topic = Texts.blankToNull(topic);
        }
    }

    /**
     * When a partition whose records are nearly all dead letters or late is told of in health, and in the log.
     *
     * @param share Share of dead letters and late records among the latest records of a partition (a thousand of them,
     *     about) from which on, more than 0, at most 1.
     * @param records How many of them there must be at least, 1 to 1000.
     * @param readiness Whether readiness is down then; else it only says so. It never is because of a filter.
     */
    public record Uncounted(
            @DefaultValue("0.9") double share,
            @DefaultValue("10") int records,
            @DefaultValue("true") boolean readiness) {}

    /**
     * The durable state.
     *
     * @param topic Compacted topic that holds the pipeline's state, with as many partitions as the source. Default: the
     *     group id, "-", the source topic and "-state".
     */
    public record State(@Nullable String topic) {
        public State {
            topic = Texts.blankToNull(topic);
        }
    }

    /**
     * How often state is written, which bounds how much a recovery has to read again.
     *
     * @param interval Age after which a changed entry is written to the state topic, with unit, more than 0s. The state
     *     of windows that close earlier (size plus grace) is never written at all.
     * @param maxReplayRecords Records of a partition after which a changed entry is written whatever its age, at least
     *     1; about the most that a recovery reads again.
     * @param maxEntriesPerTransaction The most entries that one transaction writes per partition, at least 1, or one
     *     per ten of the partition's records in it if that is more. So a checkpoint is a trickle, never a pause. It is
     *     also about the most updates that leave in a transaction.
     */
    public record Checkpoint(
            @DefaultValue("30s") Duration interval,
            @DefaultValue("1000000") long maxReplayRecords,
            @DefaultValue("5000") int maxEntriesPerTransaction) {}
}
