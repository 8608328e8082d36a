package io.tally.config.property;

import io.tally.codec.decode.FilterSpec.Operator;
import io.tally.codec.key.Partitioner;
import io.tally.codec.key.RecordKeyForm;
import io.tally.codec.time.AmbiguousTime;
import io.tally.pipeline.KeyPlaces;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
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
 * @param maxRowsPerTransaction About the most rows of closing windows, and tombstones of their entries, in a
 *     transaction of a lane, 1 to 10000000. Further rows leave in the next transactions, so that a jump in time and a
 *     window of many keys fit into the timeout of a transaction.
 * @param commitInterval How long records may wait for the commit of their offsets while no rows leave, 0s to 500ms; 0s
 *     means not at all. Records that follow go into the same transaction. Rows do not wait for it.
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
 * @param emitInterval With updates: how long a change waits, by the clock, before it leaves, 0s or more. With 0s it
 *     leaves at once, in the transaction of the record. If it is longer than checkpoint.interval, it is used in place
 *     of that, except for sessions and totals with a ttl. Default: 100ms.
 * @param kafka Settings of the pipeline's Kafka clients, above those of spring.kafka.
 * @param uncounted When a pipeline that counts hardly any record is not to look well.
 * @param furtherSinks More topics that each row is written to, in the same transaction: a list, each with the
 *     properties of sink. Default: none.
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
        @NestedConfigurationProperty @DefaultValue SourceProperties source,
        @DefaultValue Timestamp timestamp,
        @DefaultValue Key key,
        @DefaultValue List<Condition> filter,
        @NestedConfigurationProperty @DefaultValue WindowProperties window,
        @Nullable Emit emit,
        @Nullable Duration emitInterval,
        @DefaultValue Map<String, FunctionProperties> aggregates,
        @NestedConfigurationProperty @DefaultValue SinkProperties sink,
        @DefaultValue List<SinkProperties> furtherSinks,
        @DefaultValue Late late,
        @DefaultValue DeadLetter deadLetter,
        @DefaultValue State state,
        @DefaultValue Checkpoint checkpoint,
        @DefaultValue Uncounted uncounted,
        @NestedConfigurationProperty @DefaultValue ClusterProperties kafka) {

    public PipelineProperties {
        groupId = Texts.blankToNull(groupId);
        filter = List.copyOf(filter);
        furtherSinks = List.copyOf(furtherSinks);
        aggregates = aggregates.isEmpty()
                ? Map.of("count", FunctionProperties.COUNT)
                : Collections.unmodifiableMap(new LinkedHashMap<>(aggregates));
    }

    /** All sinks, the first one first. */
    public List<SinkProperties> sinks() {
        List<SinkProperties> all = new ArrayList<>();
        all.add(sink);
        all.addAll(furtherSinks);
        return all;
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

    /**
     * The event time of a record. Event times outside the bounds make the record a dead letter: they would move the
     * watermark by years, and make all other records late.
     *
     * @param field Field that holds the event time. Default: none, the record timestamp is the event time.
     * @param fields Fields that hold the event time together, in place of field: a date and a time, say. Their texts
     *     are read with a blank between two. Default: none.
     * @param format How the field is written: a date-time pattern such as yyyy-MM-dd_HH:mm:ss, or iso, epoch-seconds,
     *     epoch-millis, epoch-micros, epoch-nanos. Without meaning if there is no field. Default: iso, or what the
     *     source's format has: dd/MMM/yyyy:HH:mm:ss Z for clf and combined, yyyy-MM-dd HH:mm:ss for w3c.
     * @param zone Time zone of texts that name none, for example UTC or Europe/Berlin.
     * @param ambiguousTime What a local time means if the zone's clocks show it twice, because they go back: in-order,
     *     the instant nearer to the latest event time of the partition so far; earlier; or later. It has no meaning for
     *     texts with an offset.
     * @param floor Earliest event time that is believed (ISO-8601, UTC); earlier ones are dead letters.
     * @param maxAhead How far an event time may lie ahead, 0 to 36525d, with unit; beyond, the record is a dead letter.
     *     It is compared with the record timestamp if the broker sets that (LogAppendTime). Otherwise it is compared
     *     with this host's clock when the record is read for the first time; a minute or two more is let through.
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
     *     spread. Without it there is a shuffle, unless shuffle is set to never, because the source is partitioned by
     *     the group key in another way. Without meaning in a shuffle.
     * @param partitioner How producers choose the partition of a record key: murmur2 (Java), crc32 (librdkafka: Python,
     *     C, .NET, Confluent's Go) or fnv1a (Sarama). A record in any other partition is a dead letter, which proves
     *     that no key is in two. Default: none, records may be in any partition. Without meaning in a shuffle.
     * @param spread What happens without a shuffle when Tally sees records of a group key in two partitions: refuse,
     *     the partitions stop with an explanation; warn; or ignore, Tally does not look.
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
     * @param value What the field is compared with; for in and not-in use values. Required, except for in, not-in and
     *     exists.
     * @param values What the field is compared with if there are several. Required for in and not-in.
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

    /** When rows leave. */
    public enum Emit {
        /** When their window closes. */
        FINAL,
        /** Whenever they changed, and when their window closes. */
        UPDATES
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
     * When health and log report a partition whose records are nearly all dead letters or late.
     *
     * @param share Share of dead letters and late records among the latest records of a partition (a thousand of them,
     *     about) from which on, more than 0, at most 1.
     * @param records How many uncounted records there must be at least, 1 to 1000.
     * @param readiness Whether readiness is down then; otherwise health only says so. Readiness is never down because
     *     of a filter.
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
