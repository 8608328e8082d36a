package io.tally.command.audit;

import io.tally.aggregate.Event;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.WindowBorders;
import io.tally.engine.WindowResult;
import io.tally.heap.HeapAccount;
import io.tally.window.Emission;
import io.tally.window.WindowSpec;
import io.tally.window.Windowing;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Windows whose borders do not depend on the records, and totals that never end. Each event is counted in each of its
 * windows by itself.
 *
 * <p>Where rows leave before their windows close, the clock decided when. So the sinks say whether a row left after an
 * event: they then have the row as it was. Some rows must be there in any case: the last row of a window that has
 * closed, a row for each later event, and a row with everything before the recovery offset.
 */
final class WindowCount implements RowCount {
    private final AuditPlan plan;
    private final Sinks sinks;
    private final HeapAccount account;
    private final WindowSpec window;
    private final Windowing windowing;
    private final RowFold.Maker maker;
    private final boolean isRevised;
    private final boolean hasUpdates;
    /** Whether windows may have closed before the watermark of the records says so. */
    private final boolean mayCloseEarly;

    private final boolean showsFinal;
    private final SortedMap<Long, Map<KeyBytes, CountedRow>> windows = new TreeMap<>();
    private final KeyBytes sought = new KeyBytes();
    private long lastEnd;
    private @Nullable Map<KeyBytes, CountedRow> last;

    WindowCount(AuditPlan plan, Windowing windowing, Sinks sinks, HeapAccount account) {
        this.plan = plan;
        this.windowing = windowing;
        this.sinks = sinks;
        this.account = account;
        window = plan.spec().window();
        maker = plan.rows();
        isRevised = window.hasRevisions();
        hasUpdates = window.emission() == Emission.UPDATES;
        mayCloseEarly = plan.spec().idleTimeout() != null;
        showsFinal = !hasUpdates || plan.showsFinal(sinks.encoders());
    }

    @Override
    public boolean count(Event event, Place place) {
        if (!plan.hasShuffle()) {
            finish(place.watermark());
        }
        WindowBorders.forEachEnd(windowing, event.time(), end -> {
            boolean isGone = window.isGone(end, place.watermark());
            if (plan.holds(windowing.windowStart(end), end)) {
                if (!isGone) {
                    count(event, place, end);
                } else if (plan.hasShuffle() && windowing.overlaps()) {
                    // The merge may not have closed it yet: it goes by the slowest partition.
                    row(event, place, end).isUndecided = true;
                }
            }
        });
        return true;
    }

    private void count(Event event, Place place, long end) {
        CountedRow row = find(end, event);
        if (row == null) {
            maker.prepareNew(event);
            row = row(event, place, end);
        } else {
            row.results.prepare(event);
        }
        if (!plan.hasShuffle() && isRevised) {
            closeBefore(row, end, place.watermark());
        }
        grow(row, row.results.add(event));
        row.counted(place.partition(), place.offset());
        sinks.corrected().counted(row, end, event);
        if (isRevised && !plan.hasShuffle()) {
            leave(row, end, place.offset());
        }
    }

    private void closeBefore(CountedRow row, long end, long watermark) {
        if (row.isClosed) {
            return;
        }
        if (end <= watermark) {
            close(row, end);
        } else if (mayCloseEarly && row.records > 0 && showsFinal) {
            row.isClosed = takeIfThere(row, end, true);
        }
    }

    /** After an event was counted. */
    private void leave(CountedRow row, long end, long offset) {
        if (row.isClosed) {
            sinks.takeNext(row, revision -> result(row, end, revision, true));
        } else if (hasUpdates && !takeIfThere(row, end, false)) {
            // If the last one looks like this, it may have left now.
            if (!sinks.isLast(row, result(row, end, row.revision, false))) {
                row.unshownSince = Math.min(row.unshownSince, offset);
            } else {
                row.unshownSince = CountedRow.ALL_SHOWN;
            }
        }
    }

    private boolean takeIfThere(CountedRow row, long end, boolean isFinal) {
        boolean isThere = sinks.takeIfThere(row, revision -> result(row, end, revision, isFinal));
        if (isThere) {
            row.unshownSince = CountedRow.ALL_SHOWN;
        }
        return isThere;
    }

    /** The window has closed: the last row of it must have left. */
    private void close(CountedRow row, long end) {
        row.isClosed = true;
        if (row.records == 0 || row.isUndecided) {
            return;
        }
        // If rows do not say whether they are final, the row that was taken for an update may have been the final one.
        boolean isThere = isRevised
                && !sinks.holdNext(row, revision -> result(row, end, revision, true))
                && sinks.isLast(row, result(row, end, row.revision, true));
        if (!isThere) {
            sinks.takeNext(row, revision -> result(row, end, revision, true));
        }
    }

    private WindowResult result(CountedRow row, long end, long revision, boolean isFinal) {
        return new WindowResult(
                windowing.windowStart(end), end, row.copy(), row.results.results(), isRevised ? revision : 0, isFinal);
    }

    /** Lets go of the windows that take no more events. */
    private void finish(long watermark) {
        while (!windows.isEmpty() && window.isGone(windows.firstKey(), watermark)) {
            long end = windows.firstKey();
            finish(end, Objects.requireNonNull(windows.remove(end)), watermark);
            last = null;
        }
    }

    private void finish(long end, Map<KeyBytes, CountedRow> rows, long watermark) {
        rows.values().forEach(row -> {
            if (end <= watermark && !row.isClosed) {
                close(row, end);
            }
            sinks.corrected().sent(row, end);
            account.take(-row.heapBytes);
        });
    }

    @Override
    public void redriven(Event event, Position position) {
        byte[] key = sought.show(event.keyBuffer(), event.keyStart(), event.keyLength())
                .copy();
        WindowBorders.forEachEnd(windowing, event.time(), end -> {
            if (plan.holds(windowing.windowStart(end), end)) {
                sinks.corrected().redriven(key, end, event, position);
            }
        });
    }

    @Override
    public void end() {
        windows.forEach((end, rows) -> rows.values().forEach(row -> {
            if (row.isUndecided) {
                sinks.undecided(result(row, end, 1, true));
            } else if (plan.knowsLastOnly()) {
                boolean isFinal = plan.isClosed(end, row.partition);
                sinks.takeLast(
                        row, revision -> result(row, end, revision, isFinal), plan.isLastKnown(end, row.partition));
            } else if (plan.isClosed(end, row.partition)) {
                if (!row.isClosed) {
                    close(row, end);
                }
            } else if (row.unshownSince < plan.shownBefore(row.partition)) {
                sinks.takeNext(row, revision -> result(row, end, revision, false));
            }
            sinks.corrected().sent(row, end);
            account.take(-row.heapBytes);
        }));
        windows.clear();
        last = null;
    }

    private void grow(CountedRow row, long bytes) {
        account.take(bytes);
        row.heapBytes += bytes;
    }

    private @Nullable CountedRow find(long end, Event event) {
        if (last == null || end != lastEnd) {
            last = windows.get(end);
            lastEnd = end;
        }
        return last == null ? null : last.get(sought.show(event.keyBuffer(), event.keyStart(), event.keyLength()));
    }

    /** The row of an event; made if there is none. */
    private CountedRow row(Event event, Place place, long end) {
        CountedRow found = find(end, event);
        if (found != null) {
            return found;
        }
        byte[] key = sought.show(event.keyBuffer(), event.keyStart(), event.keyLength())
                .copy();
        sinks.undecided().begun(key, place.partition());
        int partition = plan.closingPartition(place.partition(), event);
        CountedRow row = new CountedRow(key, partition, maker.row());
        grow(row, CountedRow.HEAP_BYTES + key.length + maker.rowBytes());
        Map<KeyBytes, CountedRow> rows = last;
        if (rows == null) {
            rows = new HashMap<>();
            windows.put(end, rows);
            last = rows;
        }
        rows.put(row, row);
        return row;
    }
}
