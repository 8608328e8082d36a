package io.tally.engine.row;

import io.tally.aggregate.Cells;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The accumulators of one row that belongs to no table. */
@SuppressWarnings("ArrayRecordComponent") // a place for numbers, never compared
public record Accumulators(long[] longs, @Nullable Object[] objects) {
    void select(Cells cells) {
        cells.page(longs, objects);
    }

    public void clear() {
        Arrays.fill(longs, 0);
        Arrays.fill(objects, null);
    }
}
