package io.tally.config;

import io.tally.checkpoint.Fingerprint;
import io.tally.codec.Decoders;
import io.tally.codec.Encoders;
import io.tally.codec.FilterSpec;
import io.tally.codec.KeySpec;
import io.tally.codec.SinkFormat;
import io.tally.codec.SourceFormat;
import io.tally.codec.TimestampSpec;
import io.tally.config.problem.Problems;
import io.tally.kafka.Topics;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Turns one pipeline's properties into what they mean, or into all the problems they have. */
final class PipelineReader {
    private static final Pattern GROUP_ID = Pattern.compile("\\S{1,249}");
    /** Far beyond any sense, far below any overflow. */
    private static final Duration LONGEST = Duration.ofDays(36_525);

    static final int MOST_LANES = 1000;

    private final String name;
    private final PipelineProperties properties;
    private final CustomFunctions customs;
    private final Problems problems;

    PipelineReader(String name, PipelineProperties properties, CustomFunctions customs, Problems problems) {
        this.name = name;
        this.properties = properties;
        this.customs = customs;
        this.problems = problems;
    }

    /**
     * Reads the pipeline.
     *
     * @param names those of the pipelines before it
     * @return empty if there is any problem
     */
    Optional<PipelineDefinition> read(SharedNames names) {
        String groupId = groupId();
        range("lanes", properties.lanes(), 1, MOST_LANES, "2");
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
        if (topics == null || spec == null || !problems.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new PipelineDefinition(
                spec, groupId, properties.lanes(), topics, properties.createTopics(), shuffle, shuffles.reason()));
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
        KeySpec key = reader.key(properties.key().verify() && !shuffled);
        FilterSpec filter = reader.filter();
        AggregatesReader aggregates = new AggregatesReader(properties, reader, customs, problems);
        SinkFormat sink = new SinkReader(properties, problems).read(timestamp);
        Duration idleTimeout = properties.idleTimeout();
        if (idleTimeout != null) {
            duration("idle-timeout", idleTimeout, Duration.ofMillis(1));
        }
        range("max-open-entries", properties.maxOpenEntries(), 1, Long.MAX_VALUE, "20000000");
        Windowing windowing = windowing();
        CheckpointPolicy checkpoint = checkpoint();
        if (sink != null && key != null) {
            problems.attempt(
                    sink instanceof SinkFormat.Text ? "sink.template" : "aggregates",
                    sink instanceof SinkFormat.Text text ? text.template() : aggregates.names(),
                    () -> Encoders.create(sink, key.fields(), aggregates.names()));
        }
        if (source == null
                || timestamp == null
                || key == null
                || filter == null
                || sink == null
                || windowing == null
                || !problems.isEmpty()) {
            return null;
        }
        // All that is known to be wrong is told by now; this finds what only the parts together show.
        problems.attempt("source", null, () -> Decoders.create(source, timestamp, key, filter, aggregates.inputs()));
        Duration grace = properties.window().grace();
        List<String> names = List.copyOf(aggregates.names());
        return new PipelineSpec(
                name,
                StageKind.DIRECT,
                WindowSpec.of(windowing, grace),
                idleTimeout,
                properties.maxOpenEntries(),
                aggregates.functions(),
                aggregates.inputs().size(),
                () -> Decoders.create(source, timestamp, key, filter, aggregates.inputs()),
                () -> Encoders.create(sink, key.fields(), names),
                checkpoint,
                Fingerprint.of(
                        PipelineFingerprint.structure(properties, aggregates.descriptions()),
                        PipelineFingerprint.replay(source, timestamp, key, filter, grace)));
    }

    private @Nullable Windowing windowing() {
        Duration size = properties.window().size();
        duration("window.grace", properties.window().grace(), Duration.ZERO);
        if (size == null) {
            problems.add("window.size", null, "is required: the length of a window", "5s");
            return null;
        }
        if (properties.window().type() == PipelineProperties.WindowType.CALENDAR) {
            return calendar(size);
        }
        if (properties.window().zone() != null) {
            problems.add(
                    "window.zone",
                    properties.window().zone(),
                    "is for windows of type calendar; tumbling ones have no zone",
                    null);
        }
        return duration("window.size", size, Duration.ofMillis(1)) ? Windowing.tumbling(size) : null;
    }

    private @Nullable Windowing calendar(Duration size) {
        ZoneId zone = PipelineFingerprint.windowZone(properties);
        if (size.equals(Duration.ofHours(1))) {
            return Windowing.hours(zone);
        }
        if (size.equals(Duration.ofDays(1))) {
            return Windowing.days(zone);
        }
        problems.add("window.size", Durations.print(size), "must be 1h or 1d for windows of type calendar", "1d");
        return null;
    }

    private CheckpointPolicy checkpoint() {
        PipelineProperties.Checkpoint checkpoint = properties.checkpoint();
        duration("checkpoint.interval", checkpoint.interval(), Duration.ofMillis(1));
        range("checkpoint.max-replay-records", checkpoint.maxReplayRecords(), 1, Long.MAX_VALUE, "1000000");
        range(
                "checkpoint.max-entries-per-transaction",
                checkpoint.maxEntriesPerTransaction(),
                1,
                Integer.MAX_VALUE,
                "5000");
        return new CheckpointPolicy(
                checkpoint.interval(), checkpoint.maxReplayRecords(), checkpoint.maxEntriesPerTransaction(), false);
    }

    private boolean duration(String property, Duration value, Duration least) {
        boolean inRange = value.compareTo(least) >= 0 && value.compareTo(LONGEST) <= 0;
        if (!inRange || value.toNanosPart() % 1_000_000 != 0) {
            problems.add(
                    property,
                    Durations.print(value),
                    "must be a whole number of milliseconds from " + Durations.print(least) + " to "
                            + Durations.print(LONGEST),
                    "5s");
            return false;
        }
        return true;
    }

    private void range(String property, long value, long least, long most, String example) {
        if (value < least || value > most) {
            problems.add(
                    property,
                    value,
                    most == Long.MAX_VALUE || most == Integer.MAX_VALUE
                            ? "must be at least " + least
                            : "must be " + least + " to " + most,
                    example);
        }
    }
}
