package io.tally.engine;

import io.tally.aggregate.Event;
import io.tally.aggregate.StateInput;
import io.tally.engine.partial.Partial;
import io.tally.engine.row.Accumulators;
import io.tally.engine.slice.Slice;

/** Rebuilds a {@link SliceEngine}, whose watermark is the committed one from the beginning. */
final class SliceRestore implements EngineRestore {
    private final SliceEngine engine;
    private final ExpiredSlices.Restore expired;

    SliceRestore(SliceEngine engine) {
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
        if (engine.windowing.sliceStart(sliceStart) != sliceStart) {
            throw new IllegalStateException("an entry's window starts at " + sliceStart
                    + " ms, which no window of this size does: the state was written with another window size");
        }
        if (expired.has(sliceStart)) {
            long end = engine.windowing.sliceEnd(sliceStart);
            return expired.entry(sliceStart, end, ordinal, key, keyStart, keyLength, appliedUpTo, accumulators);
        }
        if (engine.late.isLate(sliceStart, engine.watermark())) {
            throw new IllegalStateException(
                    "an entry of the window that starts at " + sliceStart + " ms, which had closed");
        }
        Slice slice = engine.sliceOf(sliceStart);
        engine.open.restoreRow(slice, ordinal, key, keyStart, keyLength, appliedUpTo);
        engine.view.at(slice, ordinal).readAccumulators(accumulators);
        return engine.view.revision();
    }

    @Override
    public void replay(Event event, long offset) {
        Slice slice = engine.openSlice(event.time());
        if (slice == null) {
            return;
        }
        if (engine.aggregates.mayRefuse()) {
            int row = slice.rows.find(event.keyBuffer(), event.keyStart(), event.keyLength());
            if (row >= 0 && offset < slice.rows.appliedUpTo(row)) {
                return;
            }
            engine.prepare(slice, event);
        }
        int row = engine.open.replayRow(slice, event.keyBuffer(), event.keyStart(), event.keyLength(), offset);
        if (row >= 0) {
            engine.aggregates.add(slice.rows, row, event);
        }
    }

    @Override
    public void replayPartial(Partial partial, long offset) {
        Accumulators accumulators = engine.partials.read(partial);
        Slice slice = engine.openSlice(partial.minTime());
        if (slice == null) {
            return;
        }
        int row = engine.open.replayRow(slice, partial.keyBuffer(), partial.keyStart(), partial.keyLength(), offset);
        if (row >= 0) {
            engine.aggregates.merge(slice.rows, row, accumulators);
        }
    }

    @Override
    public void replayEarlyRows(long changedBefore) {
        throw new IllegalStateException("rows leave when their window closes, but are to have left before");
    }

    @Override
    public void complete(int rowsLeft) {
        expired.complete();
        engine.open.requireDense();
        if (rowsLeft > 0) {
            if (engine.open.slices.isEmpty()) {
                throw ClosingWindow.tooFew(rowsLeft, 0);
            }
            Slice first = engine.open.slices.get(0);
            long end = engine.windowing.nextWindowEnd(Math.max(engine.watermark(), first.start));
            engine.begin(first, end, rowsLeft);
            engine.aim(end);
        }
    }
}
