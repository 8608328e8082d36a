package io.tally.command.audit;

import io.tally.aggregate.Event;
import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.Place;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.RowIds;
import io.tally.command.recount.SecondReading;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowResult;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapAccount;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.ShufflePartitioner;
import io.tally.pipeline.log.CommittedOffset;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.ShuffleDefinition;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is compared: the state of the pipeline when the audit began, and the range of event time.
 *
 * <p>With {@code --from}, the source is read from the first record with a timestamp of then or later. That is exact for
 * windows that begin then or later if no record before it has such an event time: none of them is in these windows, and
 * no watermark made of them could have closed one.
 */
final class AuditPlan {
    private final PipelineDefinition pipeline;
    private final @Nullable Windowing windowing;
    private final Aggregates aggregates;
    private final RowFold.Maker rows;
    private final Instant now;
    private final long from;
    private final long to;
    private final SortedMap<Integer, PartitionView> partitions = new TreeMap<>();
    /** The watermarks that close windows: of the source's partitions, or of the shuffle topic's. */
    private final SortedMap<Integer, Long> watermarks = new TreeMap<>();

    private final SinkEnds sinks;

    /** Whether the merge of a shuffle has shown all that the combine stage has committed. */
    private boolean isMerged;

    private final Redrives redrives;
    private final Silences silences;
    private @Nullable ShufflePartitioner shuffle;

    private AuditPlan(CommandInput input, PipelineDefinition pipeline, LogReader log) {
        this.pipeline = pipeline;
        Auditable.require(pipeline);
        windowing = pipeline.spec().window().windowing();
        aggregates = new Aggregates(pipeline.spec().aggregates());
        rows = new RowFold.Maker(pipeline.spec(), aggregates);
        now = input.now();
        from = time(input, "from", Long.MIN_VALUE);
        to = time(input, "to", Long.MAX_VALUE);
        if (from >= to) {
            throw new UsageException("--from is not before --to");
        }
        if (isLimited() && aggregates.mayRefuse()) {
            throw new UsageException("A function of yours may refuse records, so that all of them must be counted to"
                    + " know which: leave out --from and --to");
        }
        if (isLimited() && (windowing == null || isTotal())) {
            throw new UsageException(
                    "What belongs to a session or a total depends on all records of its key before: leave"
                            + " out --from and --to");
        }
        // Before anything else: what is in a sink by now is of transactions that are in all that is looked at next.
        sinks = SinkEnds.look(pipeline, log);
        redrives = Redrives.of(pipeline, log);
        silences = Silences.read(this, log, input.output().progress());
    }

    private static long time(CommandInput input, String option, long otherwise) {
        String text = input.arguments().text(option);
        return text == null ? otherwise : Place.time(option, text, input.now());
    }

    /**
     * Looks at what is committed.
     *
     * @throws UsageException if the pipeline is of a kind, or has a configuration, that cannot be audited
     * @throws LogException if what is needed is not there
     */
    static AuditPlan of(CommandInput input, LogReader log) {
        PipelineDefinition pipeline = input.pipeline();
        AuditPlan plan = new AuditPlan(input, pipeline, log);
        ShuffleDefinition shuffle = pipeline.shuffle();
        SortedMap<Integer, CommitMetadata> merges = new TreeMap<>();
        if (shuffle != null) {
            // Before the source's: what a merge has closed was in the source then, and is in what is looked at next.
            plan.shuffle = new ShufflePartitioner(log.requirePartitions("topic", shuffle.topic()));
            log.committed(pipeline.groupId() + ShuffleDefinition.MERGE_SUFFIX, shuffle.topic())
                    .forEach((partition, committed) ->
                            merges.put(partition, plan.settled(shuffle.topic(), partition, committed)));
            merges.forEach((partition, metadata) -> plan.watermarks.put(partition, metadata.watermark()));
        }
        String source = pipeline.topics().source();
        log.requirePartitions("topic", source);
        log.committed(pipeline.groupId(), source).forEach((partition, committed) -> {
            CommitMetadata metadata = plan.settled(source, partition, committed);
            Auditable.of(pipeline).requireSameConfiguration(metadata);
            plan.partitions.put(partition, plan.view(log, partition, metadata));
            if (shuffle == null) {
                plan.watermarks.put(partition, metadata.watermark());
            }
        });
        // After the source's: then what they have committed is in the shuffle topic by now.
        plan.isMerged = shuffle != null && isMerged(shuffle.topic(), merges, log);
        if (plan.partitions.isEmpty()) {
            throw new LogException("The group " + pipeline.groupId() + " has committed nothing for " + source
                    + ", so there is nothing to compare. Is it the right broker and group?");
        }
        return plan;
    }

    private static boolean isMerged(String topic, SortedMap<Integer, CommitMetadata> merges, LogReader log) {
        int partitions = log.partitions(topic);
        for (int partition = 0; partition < partitions; partition++) {
            CommitMetadata metadata = merges.get(partition);
            OffsetRange range = log.range(topic, partition);
            boolean[] isMore = {metadata == null || metadata.recoveryOffset() < metadata.offset()};
            if (metadata != null && range.to() > metadata.offset()) {
                OffsetRange rest = new OffsetRange(metadata.offset(), range.to());
                log.read(topic, partition, rest, record -> {
                    isMore[0] = true;
                    return false;
                });
            }
            if (isMore[0]) {
                return false;
            }
        }
        return true;
    }

    private CommitMetadata settled(String topic, int partition, CommittedOffset committed) {
        CommitMetadata metadata = Recountable.whole(topic + "-" + partition, committed);
        if (metadata.rowsLeft() > 0 || metadata.expired() != null) {
            throw new LogException("Rows of " + topic + "-" + partition
                    + " are leaving right now, in several transactions. Start the audit again in a few seconds");
        }
        return metadata;
    }

    private PartitionView view(LogReader log, int partition, CommitMetadata metadata) {
        String source = pipeline.topics().source();
        OffsetRange held = log.range(source, partition);
        long begin = metadata.birthOffset();
        boolean dependsOnOthers = SecondReading.dependsOnOthers(pipeline.spec());
        if (from != Long.MIN_VALUE && !dependsOnOthers) {
            begin = Math.max(begin, Math.min(metadata.offset(), log.offsetAt(source, partition, from)));
        }
        if (held.from() > begin && (from == Long.MIN_VALUE || dependsOnOthers)) {
            throw new LogException(
                    source + "-" + partition + " begins at offset " + held.from()
                            + ", but the pipeline began at " + begin
                            + ": what was between is deleted and cannot be counted again"
                            + (dependsOnOthers
                                    ? ", and what later records say depends on it"
                                    : ". Audit what is still there: --from=TIME, with no event time of that or later before it"));
        }
        long first = Math.min(Math.max(begin, held.from()), metadata.offset());
        return new PartitionView(
                partition,
                new OffsetRange(first, metadata.offset()),
                first == metadata.birthOffset() && !isLimited(),
                metadata);
    }

    PipelineDefinition pipeline() {
        return pipeline;
    }

    PipelineSpec spec() {
        return pipeline.spec();
    }

    /** Null if the other events of a key decide where windows begin and end. */
    @Nullable
    Windowing windowing() {
        return windowing;
    }

    /** Makes rows without an event. */
    RowFold.Maker rows() {
        return rows;
    }

    /** Begins to count. */
    RowCount newCount(Sinks sinks, HeapAccount account) {
        return windowing == null
                ? new SessionCount(this, sinks, account)
                : new WindowCount(this, windowing, sinks, account);
    }

    /** Whether rows are running totals. */
    boolean isTotal() {
        return spec().window().kind() instanceof WindowKind.Totals;
    }

    /** How long after its last event a session or total ends, in milliseconds. */
    long gap() {
        WindowKind kind = spec().window().kind();
        Duration gap = kind instanceof WindowKind.Sessions sessions
                ? sessions.gap()
                : kind instanceof WindowKind.Totals totals ? totals.ttl() : null;
        if (gap == null) {
            throw new IllegalStateException("these windows do not go by the events of a key: " + kind);
        }
        return gap.toMillis();
    }

    /** Which late records and dead letters redrive has brought into rows. */
    Redrives redrives() {
        return redrives;
    }

    /** Whether a sink may have lost all but the last row of a window and key. */
    boolean isCompacted() {
        return sinks.isCompacted();
    }

    /** When a silent source has closed windows. */
    Silences silences() {
        return silences;
    }

    /** When the window begins that ends then; of windows whose borders do not depend on the records. */
    long start(long end) {
        if (windowing == null) {
            throw new IllegalStateException("the end " + end + " of a session does not tell its start");
        }
        return windowing.windowStart(end);
    }

    /** Whether only the last of several rows of a window and key can be told. */
    boolean knowsLastOnly() {
        return shuffle != null && spec().window().hasRevisions();
    }

    /**
     * Whether the last row of a window must have left, with all records of it: it takes no more records, or nothing was
     * on its way when the audit began and rows leave while windows are open.
     */
    boolean isLastKnown(long end, int partition) {
        long watermark = watermarks.getOrDefault(partition, WindowEngine.NO_WATERMARK);
        boolean mayHaveLeft = end <= watermark || spec().window().emission() == Emission.UPDATES;
        return spec().window().isGone(end, watermark) || (isMerged && mayHaveLeft);
    }

    boolean hasShuffle() {
        return shuffle != null;
    }

    /** Whether the other events of a key decide what is late. */
    boolean isLateByKey() {
        return windowing == null;
    }

    /** Whether the other events of a key decide what is a dead letter. */
    boolean isDeadByKey() {
        return aggregates.mayRefuse();
    }

    /** Whether a row shows whether it is the final one, in at least one sink. */
    boolean showsFinal(List<ResultEncoder> encoders) {
        WindowResult update =
                new WindowResult(0, 1, new byte[] {'k'}, rows.row().results(), 1, false);
        WindowResult last = new WindowResult(0, 1, new byte[] {'k'}, rows.row().results(), 1, true);
        return encoders.stream().anyMatch(encoder -> !Arrays.equals(encoder.encode(update), encoder.encode(last)));
    }

    Instant now() {
        return now;
    }

    SortedMap<Integer, PartitionView> partitions() {
        return partitions;
    }

    /** Whether only a part of event time is compared. */
    boolean isLimited() {
        return from != Long.MIN_VALUE || to != Long.MAX_VALUE;
    }

    /** The beginning of the range, milliseconds since the epoch; {@link Long#MIN_VALUE} if there is none. */
    long from() {
        return from;
    }

    /** The end of the range, milliseconds since the epoch; {@link Long#MAX_VALUE} if there is none. */
    long to() {
        return to;
    }

    /** Whether an event time is in the range. */
    boolean holds(long time) {
        return time >= from && time < to;
    }

    /** Whether a window is in the range. */
    boolean holds(long start, long end) {
        return start >= from && end <= to;
    }

    /** Whether a row of a sink is in the range. */
    boolean holds(RowIds.Row row) {
        return !isLimited()
                || windowing == null
                || row.end() == null
                || holds(windowing.windowStart(row.end()), row.end());
    }

    /**
     * Whether a row of a sink must be one that the second reading gives: it was there when the audit began, or its
     * window had closed by then.
     *
     * @param sink the sink's place, 0 for the first
     * @param place where it is, as of {@link SinkIndex}
     */
    boolean isJudged(int sink, long place, RowIds.Row row) {
        return sinks.had(sink, place) || (windowing != null && row.end() != null && isGoneEverywhere(row.end()));
    }

    /**
     * Whether a row was there when the audit began, or is of a window that took no more records then; behind a shuffle.
     */
    boolean isOfThen(int sink, long place, RowIds.Row row) {
        Long end = row.end();
        long watermark = shuffle == null
                ? WindowEngine.NO_WATERMARK
                : watermarks.getOrDefault(shuffle.partition(row.key(), 0, row.key().length), WindowEngine.NO_WATERMARK);
        return sinks.had(sink, place) || (end != null && spec().window().isGone(end, watermark));
    }

    /** The window of a row in words. */
    String window(WindowResult row) {
        return isTotal() ? "the total" : text(row.start(), row.end());
    }

    /** The window of a row in words. */
    String window(RowIds.Row row) {
        Long end = row.end();
        if (windowing != null && end != null) {
            return text(windowing.windowStart(end), end);
        }
        return isTotal() ? "the total" : text(row.start(), end);
    }

    private static String text(@Nullable Long start, @Nullable Long end) {
        return "window" + (start == null ? "" : " " + Instant.ofEpochMilli(start))
                + (end == null ? "" : " to " + Instant.ofEpochMilli(end));
    }

    /** The partition whose watermark closes the windows of an event's key. */
    int closingPartition(int source, Event event) {
        return shuffle == null ? source : shuffle.partition(event.keyBuffer(), event.keyStart(), event.keyLength());
    }

    /** Whether a window had closed in a partition when the audit began. */
    boolean isClosed(long end, int partition) {
        return end <= watermarks.getOrDefault(partition, WindowEngine.NO_WATERMARK);
    }

    /** Whether a window took no more events in any partition, so that no further row of it can come. */
    private boolean isGoneEverywhere(long end) {
        return spec().window().isGone(end, closedUpTo());
    }

    /** The offset before which each change of a row has left with a row, where rows leave before they are final. */
    long shownBefore(int partition) {
        PartitionView view = partitions.get(partition);
        return view == null || shuffle != null ? 0 : view.metadata().recoveryOffset();
    }

    /** The lowest watermark of the partitions that have one, milliseconds since the epoch. */
    long closedUpTo() {
        return watermarks.values().stream()
                .mapToLong(watermark -> watermark)
                .filter(watermark -> watermark != WindowEngine.NO_WATERMARK)
                .min()
                .orElse(WindowEngine.NO_WATERMARK);
    }
}
