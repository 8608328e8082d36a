package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.Accumulators;
import io.tally.engine.slice.OpenSlices;
import io.tally.engine.slice.Slice;

/** Rebuilds a {@link RevisionEngine}, whose watermark is the committed one from the beginning. */
final class RevisionRestore implements EngineRestore {
    private final RevisionEngine engine;
    private final ExpiredSlices.Restore expired;

    RevisionRestore(RevisionEngine engine) {
        this.engine = engine;
        this.expired = engine.expired.restore();
    }

    @Override
    public void expired(Expired committed) {
        expired.expect(committed);
    }

    @Override
    public long entry(
            long sliceStart,
            int ordinal,
            byte[] key,
            int keyStart,
            int keyLength,
            long appliedUpTo,
            StateInput accumulators) {
        long end = engine.windowing.sliceEnd(sliceStart);
        if (engine.windowing.sliceStart(sliceStart) != sliceStart
                || engine.windowing.nextWindowEnd(sliceStart) != end) {
            throw new IllegalStateException("an entry's window has its last slice at " + sliceStart
                    + " ms, which no window of this size does: the state was written with another window size");
        }
        if (expired.has(sliceStart)) {
            return expired.entry(sliceStart, end, ordinal, key, keyStart, keyLength, appliedUpTo, accumulators);
        }
        if (engine.isExpired(end)) {
            throw new IllegalStateException("an entry of the window that ends at " + end + " ms, which had closed");
        }
        Slice window = engine.window(end);
        engine.open.restoreRow(window, ordinal, key, keyStart, keyLength, appliedUpTo);
        return engine.rows.read(window, ordinal, accumulators);
    }

    @Override
    public void replay(Event event, long offset) {
        if (!engine.findWindows(event.time())) {
            return;
        }
        for (Slice window : engine.touched) {
            if (!engine.open.has(window, event.keyBuffer(), event.keyStart(), event.keyLength(), offset)
                    && engine.prepare(window, event) == null) {
                int row = engine.open.replayRow(window, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
                engine.aggregates.add(window.rows, row, event);
                window.changed(row, offset);
            }
        }
    }

    @Override
    public void replayPartial(Partial partial, long offset) {
        Accumulators accumulators = engine.partials.read(partial);
        if (!engine.findWindows(partial.minTime())) {
            return;
        }
        for (Slice window : engine.touched) {
            int row =
                    engine.open.replayRow(window, partial.keyBuffer(), partial.keyStart(), partial.keyLength(), offset);
            if (row >= 0) {
                engine.aggregates.merge(window.rows, row, accumulators);
                window.changed(row, offset);
            }
        }
    }

    @Override
    public void replayEarlyRows(long changedBefore) {
        engine.open.take(OpenSlices.UNSENT, changedBefore, Integer.MAX_VALUE, engine.rows::count);
    }

    @Override
    public void complete(int rowsLeft) {
        expired.complete();
        engine.open.requireDense();
        if (!engine.updates) {
            // There were updates before the restart; now rows leave at the end.
            engine.open.slices.forEach(Slice::forgetUnsent);
        }
        if (rowsLeft > 0) {
            int next = engine.firstOpen();
            if (next == engine.open.slices.size()) {
                throw ClosingWindow.tooFew(rowsLeft, 0);
            }
            Slice window = engine.open.slices.get(next);
            engine.closing.begin(window.rows, null, rowsLeft);
            engine.aim(window.end);
        }
    }
}
