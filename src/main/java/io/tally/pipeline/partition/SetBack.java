package io.tally.pipeline.partition;

import io.tally.checkpoint.CommitMetadata;
import io.tally.codec.decode.DecodingHistory;
import io.tally.engine.Reopening;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.CommitPoint;
import io.tally.setting.Setting;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Sets the watermark of a partition back at an operator's request. All that is dirty is written in the transaction that
 * commits the lower watermark, so a recovery replays no record that was read under the higher one. Memory is then
 * dropped and restored from what is committed; it is of no use any more. Confined to one thread.
 *
 * <p>Windows that end after the new watermark are open again. Nothing is known any more of those that had left, unless
 * they are kept for corrections. So a record that comes for such a window makes another row, of the records from then
 * on. That would be wrong for a window of which a part is still known, as with overlapping windows that share their
 * slices. Then the order is refused.
 */
public final class SetBack {
    private final PartitionMemory memory;
    private final WindowEngine engine;
    private final long nextOffset;
    private final long to;

    /**
     * Of a partition as it is.
     *
     * @param nextOffset every record before it is folded
     * @param to the new watermark, milliseconds since the epoch
     */
    SetBack(PartitionMemory memory, long nextOffset, long to) {
        this.memory = memory;
        this.nextOffset = nextOffset;
        this.to = to;
        engine = memory.engine;
    }

    /** Whether the watermark is there already, or before. */
    public boolean isNeedless() {
        return engine.watermark() <= to;
    }

    /**
     * Why it would be wrong to do it now, and what to do; null if it would not.
     *
     * @param close whether all that is open leaves before
     */
    @Nullable
    public String obstacle(boolean close) {
        if (engine.isBehind()) {
            return "rows of windows that close are still leaving, in several transactions. Ask again when they have left";
        }
        if (close) {
            return null;
        }
        if (Reopening.splitsRows(engine, to)) {
            return "its windows overlap, and only a part is still known of some that end after " + text(to)
                    + " and have left: their next rows would hold that part alone. Choose a later time,"
                    + " or close=true, which lets all that is open leave first";
        }
        boolean isIdleSoon =
                memory.spec.idleTimeout() != null || (memory.sources != null && memory.sources.isAllIdle());
        if (isIdleSoon && Reopening.leavesOpen(engine, to)) {
            return "windows are open that end after " + text(to)
                    + ", and the idle timeout would move the watermark to their end once the source is silent. Ask with"
                    + " close=true, which lets all that is open leave first";
        }
        return null;
    }

    /** Sends all that is open, and forgets what is kept. Rows that find no room leave in further transactions. */
    void close() {
        if (engine.watermark() == WindowEngine.NO_WATERMARK) {
            return;
        }
        engine.aimAtAll();
        engine.aim(Math.max(engine.target(), engine.watermark())
                + memory.spec.window().allowedLateness().toMillis());
        engine.catchUp(memory.rows);
    }

    /** Writes all that is dirty, and gives what to commit. */
    CommitPoint write(CheckpointWriter writer, DecodingHistory decoding) {
        if (memory.sources != null) {
            memory.sources.setBack(to, nextOffset - 1);
        }
        Reopening.prepare(engine, to);
        CommitPoint written = writer.writeAll(nextOffset);
        CommitMetadata metadata = written.metadata();
        Long latest = decoding.latestTime();
        long grace = memory.spec.window().grace().toMillis();
        return new CommitPoint(
                written.offset(),
                metadata.withWatermark(to, latest == null ? null : (Long) Math.min(latest, to + grace)));
    }

    /** What it does to rows, in words. */
    public String effect() {
        return switch (memory.source.stage()) {
            case COMBINE ->
                "records from offset " + nextOffset
                        + " on are late only if their windows end by then. If the watermark of"
                        + " the merge is after that, set that back as well, once it has merged what was sent before";
            case DIRECT, MERGE -> rows();
        };
    }

    private String rows() {
        long lateness = memory.spec.window().allowedLateness().toMillis();
        String again = "windows that end after " + text(to - lateness)
                + " take records again. If the row of such a window had left, records from offset " + nextOffset
                + " on make another row, of these records alone: add it to the row before.";
        if (lateness > 0) {
            again += " But where the row is still kept (" + Setting.WINDOW_ALLOWED_LATENESS
                    + ") it goes on: the next row has the next revision, and replaces the row before.";
        }
        return again
                + (engine.openEntries() == 0
                        ? ""
                        : " " + engine.openEntries() + " (window, key) entries stay as they are until their time.");
    }

    private static String text(long time) {
        return Instant.ofEpochMilli(time).toString();
    }
}
