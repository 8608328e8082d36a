package io.tally.window;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of one pipeline, laid out side by side in a row. Holds the cursors that all of them use, so an
 * instance belongs to one thread.
 */
public final class Aggregates {
    private final Aggregate[] functions;
    private final int[] longOffsets;
    private final int[] objectOffsets;
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
    }

    RowTable newTable() {
        return new RowTable(longs, objects);
    }

    void add(RowTable table, int row, Event event) {
        int longBase = table.longBase(row);
        int objectBase = table.objectBase(row);
        table.select(row, cells);
        for (int i = 0; i < functions.length; i++) {
            cells.at(longBase + longOffsets[i], objectBase + objectOffsets[i]);
            functions[i].add(cells, event);
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
