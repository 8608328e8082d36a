package io.tally.engine;

import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Event;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.Accumulators;
import io.tally.engine.row.Aggregates;
import io.tally.engine.slice.OpenSlices;
import io.tally.engine.slice.RevisionColumns;
import io.tally.engine.slice.Slice;
import io.tally.window.Emission;
import io.tally.window.LateCheck;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows by window and key that may leave more than once: before their window closes, as updates, and after it has, when
 * records come within the allowed lateness. Each time they carry the next revision.
 *
 * <p>Revisions survive any crash. What has closed is written to the state topic in every transaction. Which updates of
 * open windows leave depends only on the offsets of their changes. So a replay that is told when they left
 * ({@link EngineRestore#replayEarlyRows}) counts the same rows again. It emits nothing. (State machine replication
 * treats clocks like this: the time, which is not in the log, is written to it.)
 *
 * <p>Here each {@link Slice} holds the rows of one window. It is named by the window's last slice, which is the last
 * slice of no other window.
 */
final class RevisionEngine extends SlicedEngine {
    /** How long a window that has closed is kept for corrections. */
    private final long lateness;
    /** Whether rows leave before their window closes. */
    final boolean updates;

    private final boolean overlaps;
    private final LateCheck late;

    final RevisedRows rows;
    private final KeptWindows kept;
    private final EarlyRows early = new Early();
    /** The windows of the current record. */
    final List<Slice> touched = new ArrayList<>();

    RevisionEngine(WindowSpec spec, Windowing windowing, Aggregates aggregates, long maxEntries) {
        super(windowing, spec.grace().toMillis(), aggregates, true, maxEntries);
        this.lateness = spec.allowedLateness().toMillis();
        this.updates = spec.emission() == Emission.UPDATES;
        this.overlaps = windowing.overlaps();
        this.late = new LateCheck(windowing, lateness);
        this.rows = new RevisedRows(windowing, aggregates, view);
        this.kept = new KeptWindows(rows);
    }

    @Override
    public int openWindows() {
        return open.slices.size() - firstOpen() - (hasEternal() ? 1 : 0);
    }

    @Override
    public long oldestOpenWindow() {
        return windowing.windowStart(open.slices.get(firstOpen()).end);
    }

    @Override
    public boolean showOpen(int limit, WindowVisitor visitor) {
        open.slices.stream()
                .skip(firstOpen())
                .limit(Math.min(limit, openWindows()))
                .forEach(window -> visitor.window(windowing.windowStart(window.end), window.end, window.rows.size()));
        return true;
    }

    @Override
    public int windowsToClose() {
        return Math.max(0, open.firstEndingAfter(target) - firstOpen());
    }

    @Override
    public void aimAtAll() {
        if (openWindows() > 0) {
            aim(open.slices.get(open.slices.size() - 1).end);
        }
    }

    @Override
    public boolean fold(Event event, long offset, WindowOutput output) {
        if (!touch(event.time(), event.keyBuffer(), event.keyStart(), event.keyLength())) {
            return false;
        }
        AggregateFailedException refusal = null;
        for (Slice window : touched) {
            AggregateFailedException refused = prepare(window, event);
            if (refused != null) {
                refusal = refused;
                continue;
            }
            int row = open.row(window, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
            aggregates.add(window.rows, row, event);
            changed(window, row, offset, output);
        }
        if (refusal != null) {
            throw refusal;
        }
        return true;
    }

    /**
     * Prepares the row of one window; gives the refusal if it refuses the event. Each window decides for itself: a
     * replay can take the same decision only if it needs nothing but the row, since other windows may have closed by
     * then or have the event already.
     */
    @Nullable
    AggregateFailedException prepare(Slice window, Event event) {
        if (aggregates.mayRefuse()) {
            try {
                aggregates.prepare(window.rows, event);
            } catch (AggregateFailedException e) {
                // If it was made for this event alone, a restore would not know it.
                open.dropIfEmpty(window);
                return e;
            }
        }
        return null;
    }

    @Override
    public boolean foldPartial(Partial partial, long offset, WindowOutput output) {
        Accumulators accumulators = partials.read(partial);
        if (!touch(partial.minTime(), partial.keyBuffer(), partial.keyStart(), partial.keyLength())) {
            return false;
        }
        for (Slice window : touched) {
            int row = open.row(window, partial.keyBuffer(), partial.keyStart(), partial.keyLength(), offset);
            aggregates.merge(window.rows, row, accumulators);
            changed(window, row, offset, output);
        }
        return true;
    }

    @Override
    public int checkpoint(
            long dirtyBefore, long appliedUpTo, int limit, WindowOutput output, CheckpointOutput entries) {
        int written = kept.checkpoint(appliedUpTo, entries);
        return written
                + open.take(OpenSlices.DIRTY, dirtyBefore, limit, (window, row) -> {
                    if (window.rows.column(row, RevisionColumns.UNSENT) != 0) {
                        rows.send(window, row, false, output);
                    }
                    rows.write(window, row, appliedUpTo, entries);
                });
    }

    @Override
    public EarlyRows earlyRows() {
        return early;
    }

    @Override
    public EngineRestore restore(long recoveryOffset, long recoveryWatermark) {
        watermark = recoveryWatermark;
        return new RevisionRestore(this);
    }

    /** Sends the rows of the windows with an end after the watermark, up to its target, and drops what expired. */
    @Override
    void close(WindowOutput output) {
        long reached = target;
        for (int i = open.firstEndingAfter(watermark); i < open.slices.size(); i++) {
            Slice window = open.slices.get(i);
            if (window.end > target) {
                break;
            }
            if (!emit(window, output)) {
                reached = window.end - 1;
                break;
            }
        }
        watermark = reached;
        int over = 0;
        while (over < open.slices.size() && isExpired(open.slices.get(over).end)) {
            over++;
        }
        if (over > 0) {
            kept.expired(open.slices.get(over - 1).end);
            open.removeFirst(over, expired::add);
            expired.forget(output);
        }
        nextEvent = Windowing.NEVER;
        int firstOpen = firstOpen();
        if (firstOpen > 0) {
            nextEvent = deadline(open.slices.get(0).end);
        }
        if (firstOpen < open.slices.size()) {
            nextEvent = Math.min(nextEvent, open.slices.get(firstOpen).end);
        }
    }

    /** Sends the last rows of a window that have not left; false if there is no room for all. */
    private boolean emit(Slice window, WindowOutput output) {
        if (!closing.isBegun()) {
            closing.begin(window.rows, null, 0);
        }
        int from = closing.rowsLeft();
        while (closing.rowsLeft() < window.rows.size() && output.hasRoom()) {
            rows.send(window, closing.next(), true, output);
        }
        int to = closing.rowsLeft();
        kept.left(window, from, to);
        if (to < window.rows.size()) {
            return false;
        }
        closing.end();
        return true;
    }

    /** Takes note that a row changed; a correction leaves at once. */
    private void changed(Slice window, int row, long offset, WindowOutput output) {
        if (window.end <= watermark) {
            rows.send(window, row, true, output);
            kept.corrected(window);
        } else if (updates) {
            window.changed(row, offset);
        }
    }

    /**
     * Finds the windows of a record that is about to be folded, and makes sure that there is room for it in all; false
     * if it is late.
     */
    private boolean touch(long time, byte[] key, int start, int length) {
        if (!findWindows(time)) {
            return false;
        }
        if (!open.hasRoom(touched.size())) {
            long missing = touched.stream()
                    .filter(window -> window.rows.find(key, start, length) < 0)
                    .count();
            if (!open.hasRoom(missing)) {
                throw open.full();
            }
        }
        return true;
    }

    /** Collects the windows of a time that are kept, new ones if need be; false if all have expired. */
    boolean findWindows(long time) {
        touched.clear();
        Slice only = overlaps ? null : open.find(time);
        if (only != null) {
            touched.add(only);
            return true;
        }
        if (late.isLate(time, watermark)) {
            return false;
        }
        long last = windowEnd(time);
        long end = windowing.nextWindowEnd(time);
        while (end != last) {
            if (!isExpired(end)) {
                touched.add(window(end));
            }
            end = windowing.nextWindowEnd(end);
        }
        touched.add(window(last));
        return true;
    }

    Slice window(long end) {
        nextEvent = Math.min(nextEvent, deadline(end));
        return open.of(end - 1);
    }

    /** When something happens to a window that ends there: it closes, or it has closed and expires. */
    private long deadline(long end) {
        return end > watermark ? end : end + lateness;
    }

    boolean isExpired(long end) {
        return end <= watermark && watermark - end >= lateness;
    }

    /** Index of the first window that has not closed. */
    int firstOpen() {
        return open.firstEndingAfter(watermark);
    }

    /** Whether there is the window of running totals. It never closes, so it does not count as a window. */
    private boolean hasEternal() {
        return !open.slices.isEmpty() && open.slices.get(open.slices.size() - 1).end == Windowing.NEVER;
    }

    private final class Early implements EarlyRows {
        @Override
        public long oldestUnsent() {
            return open.oldest(OpenSlices.UNSENT);
        }

        @Override
        public long send(long changedBefore, int limit, WindowOutput output) {
            long[] last = {NOTHING_SENT};
            int sent = open.take(OpenSlices.UNSENT, changedBefore, limit, (window, row) -> {
                last[0] = window.rows.column(row, RevisionColumns.UNSENT);
                rows.send(window, row, false, output);
            });
            if (sent < limit) {
                return sent == 0 ? NOTHING_SENT : changedBefore;
            }
            // An offset tells what has left only if nothing of the same record stays behind.
            open.take(
                    OpenSlices.UNSENT,
                    last[0],
                    Integer.MAX_VALUE,
                    (window, row) -> rows.send(window, row, false, output));
            return last[0];
        }
    }
}
