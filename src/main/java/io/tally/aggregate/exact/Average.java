package io.tally.aggregate.exact;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FieldValue;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/** Mean of exact decimals. Cells: the decimal sum, and the number of values. */
record Average(int slot) implements Aggregate {
    static final int DIGITS = 6;
    private static final int COUNT = DecimalCells.LONGS;

    @Override
    public int longs() {
        return DecimalCells.LONGS + 1;
    }

    @Override
    public int objects() {
        return DecimalCells.OBJECTS;
    }

    @Override
    public void add(Cells cells, Event event) {
        FieldValue value = event.field(slot);
        if (value.isMissing()) {
            return;
        }
        DecimalCells.add(cells, 0, 0, value);
        cells.increment(COUNT);
    }

    @Override
    public void merge(Cells cells, Cells other) {
        DecimalCells.add(cells, 0, 0, other);
        cells.set(COUNT, cells.get(COUNT) + other.get(COUNT));
    }

    @Override
    public @Nullable Object result(Cells cells) {
        if (cells.get(COUNT) == 0) {
            return null;
        }
        return DecimalCells.plain(DecimalCells.value(cells, 0, 0)
                .divide(BigDecimal.valueOf(cells.get(COUNT)), DIGITS, RoundingMode.HALF_UP));
    }

    @Override
    public long heapBytes(Cells cells) {
        return DecimalCells.heapBytes(cells, 0);
    }

    @Override
    public void write(Cells cells, StateOutput out) {
        out.writeUnsigned(cells.get(COUNT));
        DecimalCells.write(cells, 0, 0, out);
    }

    @Override
    public void read(Cells cells, StateInput in) {
        cells.set(COUNT, in.readCount());
        DecimalCells.read(cells, 0, 0, in);
    }
}
