package io.tally.testkafka;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.exact.BuiltIn;
import io.tally.checkpoint.Fingerprint;
import io.tally.codec.SourceFormat;
import io.tally.codec.decode.Decoders;
import io.tally.codec.decode.FilterSpec;
import io.tally.codec.decode.InputField;
import io.tally.codec.decode.RecordDecoder;
import io.tally.codec.framing.FramedFormat;
import io.tally.codec.framing.Split;
import io.tally.codec.key.KeySpec;
import io.tally.codec.sink.Encoders;
import io.tally.codec.sink.ResultEncoder;
import io.tally.codec.sink.RowShape;
import io.tally.codec.sink.SinkFormat;
import io.tally.codec.text.ColumnsFormat;
import io.tally.codec.time.TimestampSpec;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.CheckpointPolicy;
import io.tally.pipeline.KeyPlaces;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.ShuffleDefinition;
import io.tally.plan.Topics;
import io.tally.plan.TransactionLimits;
import io.tally.plan.UncountedRule;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The pipeline of the tests, a {@link PipelineDefinition} as the configuration makes them, with the real codec: lines
 * of {@code time key number text}, count, sum and first text per key in windows of five seconds with two seconds of
 * grace. Each test changes what it is about.
 */
public final class LinesPipeline {
    public static final Duration SIZE = Duration.ofSeconds(5);
    public static final Duration GRACE = Duration.ofSeconds(2);
    public static final String NAME = "it";

    /** Longer than any test: nothing is checkpointed but by a planned handover. Updates leave at once. */
    private CheckpointPolicy checkpoint = policy(Duration.ofHours(1), Long.MAX_VALUE / 2);

    private Fingerprint fingerprint = Fingerprint.of("structure", "replay");
    private long maxOpenEntries = 1_000_000;
    private HeapBudget heap = HeapBudget.unlimited();
    private @Nullable Duration idleTimeout;
    private WindowSpec window = WindowSpec.of(Windowing.tumbling(SIZE), GRACE);
    private String template = "{start} {key} {count} {sum} {text}";
    private Aggregate text = BuiltIn.first(1);
    private int lanes = 1;
    private TransactionLimits transactions = new TransactionLimits(100, 1_000_000, Duration.ofMillis(20));
    private @Nullable Integer shufflePartitions;
    private Duration accessTimeout = Duration.ofMinutes(5);
    private boolean createTopics = true;
    private boolean startAtEnd;
    private Split split = Split.NONE;
    private SourceFormat format = new ColumnsFormat(List.of("time", "key", "number", "text"), ' ');
    private UnaryOperator<RecordDecoder> decoder = UnaryOperator.identity();
    private final List<SinkFormat> further = new ArrayList<>();
    private boolean windowInKey;
    private KeyPlaces places = KeyPlaces.UNWATCHED;
    private TimestampSpec timestamp = timestamp("epoch-millis", ZoneOffset.UTC);

    /** Entries are written to the state topic once they are that old. */
    public LinesPipeline checkpointAfter(Duration interval) {
        checkpoint = policy(interval, Long.MAX_VALUE / 2);
        return this;
    }

    /** Entries are written to the state topic once their oldest change lies so many records back. */
    public LinesPipeline checkpointAfter(long records) {
        checkpoint = policy(Duration.ofHours(1), records);
        return this;
    }

    /** Updates leave once they are that old. */
    public LinesPipeline emitAfter(Duration interval) {
        checkpoint = new CheckpointPolicy(
                checkpoint.interval(),
                checkpoint.maxReplayRecords(),
                checkpoint.maxEntriesPerTransaction(),
                checkpoint.everyTransaction(),
                interval);
        return this;
    }

    private static CheckpointPolicy policy(Duration interval, long maxReplayRecords) {
        return new CheckpointPolicy(interval, maxReplayRecords, 5_000, false, Duration.ZERO);
    }

    public LinesPipeline fingerprint(String structure, String replay) {
        fingerprint = Fingerprint.of(structure, replay);
        return this;
    }

    public LinesPipeline heap(HeapBudget budget) {
        heap = budget;
        return this;
    }

    public LinesPipeline maxOpenEntries(long limit) {
        maxOpenEntries = limit;
        return this;
    }

    public LinesPipeline idleTimeout(Duration timeout) {
        idleTimeout = timeout;
        return this;
    }

    /** Other windows, or other times at which rows leave. */
    public LinesPipeline window(WindowSpec spec) {
        window = spec;
        return this;
    }

    /** Another function of the text. */
    public LinesPipeline text(Aggregate aggregate) {
        text = aggregate;
        return this;
    }

    /** Another row in the sink. */
    public LinesPipeline template(String text) {
        template = text;
        return this;
    }

    /** Instead of 100. */
    public LinesPipeline maxRecordsPerTransaction(int limit) {
        transactions = new TransactionLimits(limit, transactions.rows(), transactions.commitInterval());
        return this;
    }

    /** Instead of a million. */
    public LinesPipeline maxRowsPerTransaction(int limit) {
        transactions = new TransactionLimits(transactions.records(), limit, transactions.commitInterval());
        return this;
    }

    /** Instead of 20 ms. */
    public LinesPipeline commitInterval(Duration interval) {
        transactions = new TransactionLimits(transactions.records(), transactions.rows(), interval);
        return this;
    }

    /** Times as local times of a zone. */
    public LinesPipeline localTimes(String format, ZoneId zone) {
        timestamp = timestamp(format, zone);
        return this;
    }

    private static TimestampSpec timestamp(String format, ZoneId zone) {
        return new TimestampSpec("time", format, zone, Instant.parse("2000-01-01T00:00:00Z"), Duration.ofDays(36_525));
    }

    /** Instead of 36525 days. */
    public LinesPipeline maxAhead(Duration maxAhead) {
        timestamp =
                new TimestampSpec(timestamp.field(), timestamp.format(), timestamp.zone(), timestamp.floor(), maxAhead);
        return this;
    }

    public LinesPipeline lanes(int number) {
        lanes = number;
        return this;
    }

    /** How long a permission or a topic that is missing is waited for. */
    public LinesPipeline accessTimeout(Duration timeout) {
        accessTimeout = timeout;
        return this;
    }

    public LinesPipeline createTopics(boolean create) {
        createTopics = create;
        return this;
    }

    /** Puts something in front of the real decoder. */
    public LinesPipeline decoder(UnaryOperator<RecordDecoder> wrapper) {
        decoder = wrapper;
        return this;
    }

    /** Records hold several events, and have any key. */
    public LinesPipeline split(Split kind) {
        split = kind;
        return this;
    }

    /** How the same fields are found otherwise. */
    public LinesPipeline format(SourceFormat other) {
        format = other;
        return this;
    }

    /** Rows have their window in the record key. */
    public LinesPipeline windowInKey() {
        windowInKey = true;
        return this;
    }

    /** Rows also go to another sink, in another form. */
    public LinesPipeline furtherSink(SinkFormat format) {
        further.add(format);
        return this;
    }

    /** Whether keys may be in several partitions. */
    public LinesPipeline spread(KeyPlaces.Action action) {
        places = new KeyPlaces(action, true);
        return this;
    }

    public LinesPipeline startAtEnd() {
        startAtEnd = true;
        return this;
    }

    /** How many partitions the topic of its shuffle is created with. */
    public LinesPipeline shufflePartitions(int number) {
        shufflePartitions = number;
        return this;
    }

    /** Both stages of the pipeline with a shuffle. */
    public List<KafkaPipeline> buildShuffled(String groupId, String instanceId, Topics topics) {
        return stages(groupId, topics, EnumSet.of(StageKind.COMBINE, StageKind.MERGE))
                .on(instanceId, startAtEnd);
    }

    public KafkaPipeline combine(String groupId, String instanceId, Topics topics) {
        return stages(groupId, topics, EnumSet.of(StageKind.COMBINE))
                .on(instanceId, startAtEnd)
                .get(0);
    }

    public KafkaPipeline merge(String groupId, String instanceId, Topics topics) {
        return stages(groupId, topics, EnumSet.of(StageKind.MERGE))
                .on(instanceId, startAtEnd)
                .get(0);
    }

    public static String shuffleTopic(String groupId) {
        return groupId + "-shuffle";
    }

    public KafkaPipeline build(String groupId, String instanceId, Topics topics) {
        return definition(groupId, topics).on(instanceId, startAtEnd).get(0);
    }

    /** Without the identity of a process. */
    public PipelineDefinition definition(String groupId, Topics topics) {
        return definition(spec(true), groupId, topics, null, "directly");
    }

    /** The definition of the pipeline without a shuffle. */
    public PipelineDefinition direct(String groupId, Topics topics) {
        return definition(spec(true), groupId, topics, null, "directly");
    }

    /** The definition of the pipeline with a shuffle. */
    public PipelineDefinition shuffled(String groupId, Topics topics) {
        return stages(groupId, topics, EnumSet.of(StageKind.COMBINE, StageKind.MERGE));
    }

    private PipelineDefinition stages(String groupId, Topics topics, Set<StageKind> stages) {
        ShuffleDefinition shuffle = new ShuffleDefinition(shuffleTopic(groupId), shufflePartitions, stages, null);
        return definition(spec(false), groupId, topics, shuffle, "with a shuffle");
    }

    private PipelineDefinition definition(
            PipelineSpec spec, String groupId, Topics topics, @Nullable ShuffleDefinition shuffle, String topology) {
        return new PipelineDefinition(
                spec,
                groupId,
                lanes,
                transactions,
                topics,
                accessTimeout,
                createTopics,
                shuffle,
                UncountedRule.USUAL,
                topology,
                List.of());
    }

    private PipelineSpec spec(boolean verify) {
        SourceFormat source = new FramedFormat(format, split);
        KeySpec key = new KeySpec(List.of("key"), verify && split == Split.NONE, 1_024);
        List<InputField> inputs =
                List.of(new InputField("number", InputField.Kind.NUMBER), new InputField("text", InputField.Kind.TEXT));
        List<Supplier<ResultEncoder>> encoders = new ArrayList<>();
        encoders.add(encoder(new SinkFormat.Text(template, "epoch-millis", ZoneOffset.UTC)));
        further.forEach(format -> encoders.add(encoder(format)));
        UnaryOperator<RecordDecoder> wrapper = decoder;
        return new PipelineSpec(
                NAME,
                StageKind.DIRECT,
                window,
                idleTimeout,
                maxOpenEntries,
                heap,
                List.of(BuiltIn.count(), BuiltIn.sum(0), text),
                inputs.size(),
                () -> wrapper.apply(Decoders.create(source, timestamp, key, FilterSpec.NONE, inputs)),
                encoders,
                checkpoint,
                fingerprint,
                places);
    }

    private Supplier<ResultEncoder> encoder(SinkFormat format) {
        RowShape shape = RowShape.of(window);
        List<String> values = List.of("count", "sum", "text");
        return () -> windowInKey
                ? Encoders.withWindowInKey(Encoders.create(format, shape, List.of("key"), values))
                : Encoders.create(format, shape, List.of("key"), values);
    }
}
