package io.tally.command.audit;

import io.tally.aggregate.Event;
import io.tally.codec.sink.ResultEncoder;
import io.tally.command.audit.Committed.PartitionView;
import io.tally.command.frame.CommandInput;
import io.tally.command.frame.Place;
import io.tally.command.frame.UsageException;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.RowIds;
import io.tally.engine.WindowEngine;
import io.tally.engine.WindowResult;
import io.tally.engine.row.Aggregates;
import io.tally.heap.HeapAccount;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.ShufflePartitioner;
import io.tally.pipeline.log.LogException;
import io.tally.pipeline.log.LogReader;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Emission;
import io.tally.window.WindowKind;
import io.tally.window.Windowing;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What is compared: the state of the pipeline when the audit began, and the range of event time.
 *
 * <p>With {@code --from}, the source is read from the first record with a timestamp of then or later. That is exact for
 * windows that begin then or later, if no record before it has such an event time. Then none of the earlier records is
 * in these windows, and no watermark from them could have closed one.
 */
final class AuditPlan {
    private final PipelineDefinition pipeline;
    private final @Nullable Windowing windowing;
    private final Aggregates aggregates;
    private final RowFold.Maker rows;
    private final Instant now;
    private final long from;
    private final long to;
    private final SinkEnds sinks;
    private final Redrives redrives;
    private final Silences silences;
    private final Committed committed;
    private final @Nullable ShufflePartitioner shuffle;

    /**
     * Looks at what is there.
     *
     * @throws UsageException if the pipeline is of a kind, or has a configuration, that cannot be audited
     * @throws LogException if what is needed is not there
     */
    AuditPlan(CommandInput input, LogReader log) {
        pipeline = input.pipeline();
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
        // Comes first: the rows that are in a sink now are of transactions that everything below also sees.
        sinks = SinkEnds.look(pipeline, log);
        redrives = Redrives.of(pipeline, log);
        silences = Silences.read(this, log, input.output().progress());
        committed = Committed.look(pipeline, log, from, isLimited());
        shuffle = committed.shuffle();
    }

    private static long time(CommandInput input, String option, long otherwise) {
        String text = input.arguments().text(option);
        return text == null ? otherwise : Place.time(option, text, input.now());
    }

    PipelineDefinition pipeline() {
        return pipeline;
    }

    PipelineSpec spec() {
        return pipeline.spec();
    }

    /** The windows; null if the other events of a key decide where they begin and end. */
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

    /** What it means if rows of a sink are the same: the rows of a total do not say that it has ended. */
    SinkIndex.Repeats repeats(ResultEncoder encoder) {
        boolean isUpdate = spec().window().emission() == Emission.UPDATES;
        if (isCompacted() || (isUpdate && !shows(encoder, 2, false))) {
            return SinkIndex.Repeats.SEVERAL;
        }
        return isTotal() && windowing == null ? SinkIndex.Repeats.IN_TURN : SinkIndex.Repeats.NONE;
    }

    /**
     * Whether rows of one source partition may be mistaken for those of another, if a key is in both. That is so where
     * only the sinks say which rows have left, or which of equal rows is which.
     */
    boolean mayMixPartitions() {
        boolean asksSinks =
                spec().window().hasRevisions() || (windowing == null && (isTotal() || spec().idleTimeout() != null));
        return shuffle == null && partitions().size() > 1 && asksSinks;
    }

    /**
     * Called when a key is in several partitions of the source, so that rows may be mistaken for others.
     *
     * @throws UsageException if they would tell what is late
     */
    void requireUnmixed() {
        if (windowing == null && spec().idleTimeout() != null) {
            throw Auditable.of(pipeline)
                    .refused("it has an idle-timeout and keys in several partitions of the source, so that its rows do"
                            + " not tell when the clock closed which window");
        }
    }

    /** When a silent source has closed windows. */
    Silences silences() {
        return silences;
    }

    /** When the window that ends then begins; only for windows whose borders do not depend on the records. */
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
        long watermark = committed.watermarks().getOrDefault(partition, WindowEngine.NO_WATERMARK);
        boolean mayHaveLeft = end <= watermark || spec().window().emission() == Emission.UPDATES;
        return spec().window().isGone(end, watermark) || (committed.isMerged() && mayHaveLeft);
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
        return encoders.stream().anyMatch(encoder -> shows(encoder, 1, true));
    }

    /** Whether such a row does not look like the first update. */
    private boolean shows(ResultEncoder encoder, long revision, boolean isFinal) {
        byte[] key = encoder.exampleKey();
        Object[] results = rows.row().results();
        return !Arrays.equals(
                encoder.encode(new WindowResult(0, 1, key, results, 1, false)),
                encoder.encode(new WindowResult(0, 1, key, results, revision, isFinal)));
    }

    Instant now() {
        return now;
    }

    SortedMap<Integer, PartitionView> partitions() {
        return committed.partitions();
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
                : committed
                        .watermarks()
                        .getOrDefault(shuffle.partition(row.key(), 0, row.key().length), WindowEngine.NO_WATERMARK);
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
        return end <= committed.watermarks().getOrDefault(partition, WindowEngine.NO_WATERMARK);
    }

    /** Whether a window took no more events in any partition, so that no further row of it can come. */
    private boolean isGoneEverywhere(long end) {
        return spec().window().isGone(end, closedUpTo());
    }

    /** The offset before which each change of a row has left with a row, where rows leave before they are final. */
    long shownBefore(int partition) {
        PartitionView view = committed.partitions().get(partition);
        return view == null || shuffle != null ? 0 : view.metadata().recoveryOffset();
    }

    /** The lowest watermark of the partitions that have one, milliseconds since the epoch. */
    long closedUpTo() {
        return committed.watermarks().values().stream()
                .mapToLong(watermark -> watermark)
                .filter(watermark -> watermark != WindowEngine.NO_WATERMARK)
                .min()
                .orElse(WindowEngine.NO_WATERMARK);
    }
}
