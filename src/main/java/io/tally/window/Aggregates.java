package io.tally.window;

import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of one pipeline, laid out side by side in a row. Holds the cursors that all of them use, so an
 * instance belongs to one thread.
 *
 * <p>An event is folded in two steps, so that one which a function refuses leaves no trace: {@link #prepare} asks the
 * functions that may refuse it, before its row is added or marked; then {@link #add} cannot fail. For pipelines without
 * such functions the first step is empty.
 */
public final class Aggregates {
    private final Aggregate[] functions;
    private final int[] longOffsets;
    private final int[] objectOffsets;
    /** Indices of the functions that cannot fail, and of those that can. */
    private final int[] sure;

    private final int[] fallible;
    /** The accumulators that {@link #prepare} made, for {@link #add}. */
    private final @Nullable Object[] prepared;

    private final int longs;
    private final int objects;
    private final Cells cells = new Cells();
    private final Cells other = new Cells();

    public Aggregates(List<Aggregate> functions) {
        this.functions = functions.toArray(new Aggregate[0]);
        longOffsets = new int[this.functions.length];
        objectOffsets = new int[this.functions.length];
        int nextLong = 0;
        int nextObject = 0;
        for (int i = 0; i < this.functions.length; i++) {
            longOffsets[i] = nextLong;
            objectOffsets[i] = nextObject;
            nextLong += this.functions[i].longs();
            nextObject += this.functions[i].objects();
        }
        longs = nextLong;
        objects = nextObject;
        sure = IntStream.range(0, this.functions.length)
                .filter(i -> !(this.functions[i] instanceof FallibleAggregate))
                .toArray();
        fallible = IntStream.range(0, this.functions.length)
                .filter(i -> this.functions[i] instanceof FallibleAggregate)
                .toArray();
        prepared = new @Nullable Object[fallible.length];
    }

    RowTable newTable() {
        return new RowTable(longs, objects);
    }

    /**
     * Lets the functions that may refuse the event fold it into copies. Must be called before {@link #add}, and before
     * anything is changed for the event, be it only a new row.
     *
     * @throws AggregateFailedException if one refuses it; no accumulator has changed then
     */
    void prepare(RowTable table, Event event) {
        if (fallible.length == 0) {
            return;
        }
        int row = table.find(event.keyBuffer(), event.keyStart(), event.keyLength());
        for (int i = 0; i < fallible.length; i++) {
            FallibleAggregate function = (FallibleAggregate) functions[fallible[i]];
            Object accumulator = null;
            if (row >= 0) {
                table.select(row, cells);
                move(table, row, fallible[i]);
                accumulator = cells.object(0);
            }
            prepared[i] = function.added(accumulator, event);
        }
    }

    /** Folds the event, which was prepared before, into the row of its key. */
    void add(RowTable table, int row, Event event) {
        int longBase = table.longBase(row);
        int objectBase = table.objectBase(row);
        table.select(row, cells);
        for (int function : sure) {
            cells.at(longBase + longOffsets[function], objectBase + objectOffsets[function]);
            functions[function].add(cells, event);
        }
        for (int i = 0; i < fallible.length; i++) {
            move(table, row, fallible[i]);
            cells.object(0, prepared[i]);
            prepared[i] = null;
        }
    }

    /** Folds the row of another table, whose events come after those of {@code row}. */
    void merge(RowTable table, int row, RowTable from, int fromRow) {
        table.select(row, cells);
        from.select(fromRow, other);
        for (int i = 0; i < functions.length; i++) {
            move(table, row, i);
            other.at(from.longBase(fromRow) + longOffsets[i], from.objectBase(fromRow) + objectOffsets[i]);
            functions[i].merge(cells, other);
        }
    }

    @Nullable
    Object[] results(RowTable table, int row) {
        @Nullable Object[] results = new @Nullable Object[functions.length];
        table.select(row, cells);
        for (int i = 0; i < functions.length; i++) {
            move(table, row, i);
            results[i] = functions[i].result(cells);
        }
        return results;
    }

    void write(RowTable table, int row, StateOutput out) {
        table.select(row, cells);
        for (int i = 0; i < functions.length; i++) {
            move(table, row, i);
            functions[i].write(cells, out);
        }
    }

    void read(RowTable table, int row, StateInput in) {
        table.select(row, cells);
        for (int i = 0; i < functions.length; i++) {
            move(table, row, i);
            functions[i].read(cells, in);
        }
    }

    private void move(RowTable table, int row, int function) {
        cells.at(table.longBase(row) + longOffsets[function], table.objectBase(row) + objectOffsets[function]);
    }
}
