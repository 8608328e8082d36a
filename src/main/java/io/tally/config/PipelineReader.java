package io.tally.config;

import io.tally.checkpoint.Fingerprint;
import io.tally.codec.SourceFormat;
import io.tally.codec.decode.Decoders;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.key.KeySpec;
import io.tally.codec.sink.Encoders;
import io.tally.codec.sink.ResultEncoder;
import io.tally.codec.sink.RowShape;
import io.tally.codec.sink.SinkFormat;
import io.tally.codec.time.TimestampSpec;
import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.PropertyNames;
import io.tally.config.property.SinkProperties;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.ShuffleDefinition;
import io.tally.plan.Topics;
import io.tally.plan.TransactionLimits;
import io.tally.plan.UncountedRule;
import io.tally.window.WindowKind;
import io.tally.window.WindowSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns one pipeline's properties into its definition, or into all their problems. */
final class PipelineReader {
    private static final Pattern GROUP_ID = Pattern.compile("\\S{1,249}");

    /** The most records of a transaction: far more than its time-out leaves time for. */
    private static final int MOST_RECORDS = 10_000_000;

    private final String name;
    private final PipelineProperties properties;
    private final CustomFunctions customs;
    private final HeapBudget heap;
    private final Problems problems;
    private final List<String> warnings = new ArrayList<>();

    PipelineReader(
            String name, PipelineProperties properties, CustomFunctions customs, HeapBudget heap, Problems problems) {
        this.name = name;
        this.properties = properties;
        this.customs = customs;
        this.heap = heap;
        this.problems = problems;
    }

    /**
     * Reads the pipeline.
     *
     * @param names the names of earlier pipelines
     * @return empty if there is any problem
     */
    Optional<PipelineDefinition> read(SharedNames names) {
        String groupId = groupId();
        Ranges.check("lanes", properties.lanes(), 1, Ranges.MOST_LANES, "2", problems);
        Durations.check(
                "commit-interval",
                properties.commitInterval(),
                Duration.ZERO,
                TransactionLimits.LONGEST_COMMIT_INTERVAL,
                "100ms",
                problems);
        Ranges.check(
                "max-records-per-transaction",
                properties.maxRecordsPerTransaction(),
                1,
                MOST_RECORDS,
                "200000",
                problems);
        Ranges.check(
                "max-rows-per-transaction", properties.maxRowsPerTransaction(), 1, MOST_RECORDS, "50000", problems);
        Durations.check("access-timeout", properties.accessTimeout(), Duration.ZERO, problems);
        Topics topics = TopicNames.resolve(name, groupId, properties, problems);
        ShuffleReader shuffles = new ShuffleReader(properties, problems);
        ShuffleDefinition shuffle = shuffles.isShuffled() ? shuffles.read(groupId) : null;
        if (topics != null) {
            names.add(name, groupId, topics, problems);
            if (shuffle != null) {
                TopicNames.checkShuffle(shuffle.topic(), topics, problems);
                names.addShuffle(name, groupId, topics, shuffle, problems);
            }
        }
        PipelineSpec spec = spec(shuffles.isShuffled());
        UncountedRule uncounted = uncounted();
        if (topics == null || spec == null || !problems.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PipelineDefinition(
                spec,
                groupId,
                properties.lanes(),
                new TransactionLimits(
                        properties.maxRecordsPerTransaction(),
                        properties.maxRowsPerTransaction(),
                        properties.commitInterval()),
                topics,
                properties.accessTimeout(),
                properties.createTopics(),
                shuffle,
                uncounted,
                shuffles.reason(),
                warnings));
    }

    private String groupId() {
        String otherwise = "tally-" + name;
        String groupId = properties.groupId();
        if (groupId != null && !GROUP_ID.matcher(groupId).matches()) {
            problems.add("group-id", groupId, "must be 1 to 249 characters without spaces", otherwise);
            return otherwise;
        }
        return groupId == null ? otherwise : groupId;
    }

    private @Nullable PipelineSpec spec(boolean shuffled) {
        SourceReader reader = new SourceReader(properties, problems);
        SourceFormat source = reader.format();
        TimestampSpec timestamp = reader.timestamp();
        KeySpec key = reader.key(shuffled);
        FilterSpec filter = reader.filter();
        AggregatesReader aggregates = new AggregatesReader(properties, reader, customs, problems);
        Duration idleTimeout = properties.idleTimeout();
        if (idleTimeout != null) {
            Durations.check("idle-timeout", idleTimeout, Duration.ofMillis(1), problems);
        }
        long maxOpenEntries = properties.maxOpenEntries() == null ? Long.MAX_VALUE : properties.maxOpenEntries();
        Ranges.check("max-open-entries", maxOpenEntries, 1, Long.MAX_VALUE, "20000000", problems);
        WindowSpec window = new WindowReader(properties, problems).read();
        CheckpointPolicy checkpoint = checkpoint();
        RowShape shape = shape(window);
        List<SinkFormat> sinks = sinks(timestamp, shape, key, aggregates.names());
        if (source == null
                || timestamp == null
                || key == null
                || filter == null
                || window == null
                || !problems.isEmpty()) {
            return null;
        }
        // All other problems are noted by now. This finds those that only the parts together show.
        problems.attempt("source", null, () -> Decoders.create(source, timestamp, key, filter, aggregates.inputs()));
        for (int sink = 0; sink < sinks.size(); sink++) {
            warnings.addAll(RowWarnings.of(PropertyNames.sinkGroup(sink), sinks.get(sink), window, Instant.now()));
        }
        warnings.addAll(
                WindowWarnings.of(properties.window(), properties.timestamp().zone(), Instant.now()));
        if (timestamp.passesOverUtc()) {
            warnings.add("timestamp.format '" + timestamp.format()
                    + "' has a Z, which means UTC, as a mere character, so"
                    + " times are read as local times of " + timestamp.zone().getId()
                    + "; use iso, or X in place of 'Z'");
        }
        List<String> names = List.copyOf(aggregates.names());
        return new PipelineSpec(
                name,
                StageKind.DIRECT,
                window,
                idleTimeout,
                maxOpenEntries,
                heap,
                aggregates.functions(),
                aggregates.inputs().size(),
                () -> Decoders.create(source, timestamp, key, filter, aggregates.inputs()),
                encoders(sinks, window, format -> Encoders.create(format, shape, key.fields(), names)),
                checkpoint,
                Fingerprint.of(
                        PipelineFingerprint.structure(properties, window, aggregates.descriptions()),
                        PipelineFingerprint.replay(
                                source, timestamp, key, filter, aggregates.inputs(), window.grace())),
                new KeyPlaces(properties.key().spread(), key.readsRecordKey()));
    }

    /** The formats of all sinks; of one without a format there is a problem. */
    private List<SinkFormat> sinks(
            @Nullable TimestampSpec timestamp, RowShape shape, @Nullable KeySpec key, List<String> aggregates) {
        List<SinkFormat> formats = new ArrayList<>();
        for (int i = 0; i < properties.sinks().size(); i++) {
            Problems here = problems.under(PropertyNames.sinkGroup(i));
            SinkFormat format = new SinkReader(
                            properties.sinks().get(i), properties.timestamp().zone(), here)
                    .read(timestamp);
            if (format == null) {
                continue;
            }
            formats.add(format);
            if (key != null && format instanceof SinkFormat.Text text) {
                here.attempt(
                        "template", text.template(), () -> Encoders.create(format, shape, key.fields(), aggregates));
            } else if (key != null) {
                problems.attempt(
                        "aggregates", aggregates, () -> Encoders.create(format, shape, key.fields(), aggregates));
            }
        }
        return formats;
    }

    private List<Supplier<ResultEncoder>> encoders(
            List<SinkFormat> formats, WindowSpec window, Function<SinkFormat, ResultEncoder> encoders) {
        List<Supplier<ResultEncoder>> suppliers = new ArrayList<>();
        for (int i = 0; i < formats.size(); i++) {
            SinkFormat format = formats.get(i);
            boolean plain = properties.sinks().get(i).key() == SinkProperties.SinkKey.KEY
                    || window.kind() instanceof WindowKind.Totals;
            suppliers.add(() -> plain ? encoders.apply(format) : Encoders.withWindowInKey(encoders.apply(format)));
        }
        return suppliers;
    }

    private UncountedRule uncounted() {
        PipelineProperties.Uncounted uncounted = properties.uncounted();
        if (!(uncounted.share() > 0 && uncounted.share() <= 1)) {
            problems.add("uncounted.share", uncounted.share(), "must be more than 0 and at most 1", "0.9");
        }
        Ranges.check("uncounted.records", uncounted.records(), 1, 1000, "10", problems);
        return new UncountedRule(uncounted.share(), uncounted.records(), uncounted.readiness());
    }

    private CheckpointPolicy checkpoint() {
        PipelineProperties.Checkpoint checkpoint = properties.checkpoint();
        Durations.check("checkpoint.interval", checkpoint.interval(), Duration.ofMillis(1), problems);
        Ranges.check(
                "checkpoint.max-replay-records", checkpoint.maxReplayRecords(), 1, Long.MAX_VALUE, "1000000", problems);
        Ranges.check(
                "checkpoint.max-entries-per-transaction",
                checkpoint.maxEntriesPerTransaction(),
                1,
                Integer.MAX_VALUE,
                "5000",
                problems);
        Duration interval = checkpoint.interval();
        Duration emitInterval = WindowReader.hasUpdates(properties) ? WindowReader.emitInterval(properties) : interval;
        return new CheckpointPolicy(
                // A row leaves when its entry is written. So without this, a longer emit interval would have no effect,
                // except for sessions.
                interval.compareTo(emitInterval) < 0 && !WindowReader.writesCuts(properties) ? emitInterval : interval,
                checkpoint.maxReplayRecords(),
                checkpoint.maxEntriesPerTransaction(),
                false,
                emitInterval);
    }

    /** The shape of rows. If the windows are wrong, the one that accepts most, so that no false problems are noted. */
    private static RowShape shape(@Nullable WindowSpec window) {
        return window == null ? RowShape.FULL : RowShape.of(window);
    }
}
