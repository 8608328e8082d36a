package io.tally.engine.row;

import io.tally.aggregate.Aggregate;
import io.tally.aggregate.AggregateFailedException;
import io.tally.aggregate.Cells;
import io.tally.aggregate.Event;
import io.tally.aggregate.FallibleAggregate;
import io.tally.aggregate.StateInput;
import io.tally.aggregate.StateOutput;
import io.tally.heap.HeapAccount;
import io.tally.heap.HeapSizes;
import java.util.ArrayDeque;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The aggregates of one pipeline, laid out side by side in a row. They share cursors, so an instance belongs to one
 * thread.
 *
 * <p>An event is folded in two steps, so that an event that a function refuses leaves no trace. First, before its row
 * is added or marked, {@link #prepare} asks the functions that may refuse it. Then {@link #add} cannot fail. In
 * pipelines without such functions the first step does nothing.
 */
public final class Aggregates {
    private static final @Nullable Object[] NO_OBJECTS = new @Nullable Object[0];
    /** Stands for an accumulator that is still empty, since a queue takes no null. */
    private static final Object EMPTY = new Object();

    private final Aggregate[] functions;
    private final int[] longOffsets;
    private final int[] objectOffsets;
    /** Indices of the functions that cannot fail, and of those that can. */
    private final int[] sure;

    private final int[] fallible;
    /** The accumulators that {@link #prepare} made, for {@link #add}. */
    private final ArrayDeque<Object> prepared = new ArrayDeque<>();

    private @Nullable Accumulators empty;

    private final HeapAccount account;
    /** Indices of the functions that have objects. */
    private final int[] holding;

    private final int longs;
    private final int objects;
    private final Cells cells = new Cells();
    private final Cells other = new Cells();

    /** Aggregates without a limit to the memory that rows take. */
    public Aggregates(List<Aggregate> functions) {
        this(functions, HeapAccount.unlimited());
    }

    /** @param account the account of the partition that the rows belong to */
    public Aggregates(List<Aggregate> functions, HeapAccount account) {
        this.account = account;
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
        holding = IntStream.range(0, this.functions.length)
                .filter(i -> this.functions[i].objects() > 0)
                .toArray();
        fallible = IntStream.range(0, this.functions.length)
                .filter(i -> this.functions[i] instanceof FallibleAggregate)
                .toArray();
    }

    /**
     * An empty table.
     *
     * @param columns numbers that the engine keeps with each row
     */
    public RowTable newTable(int columns) {
        return new RowTable(columns, longs, objects, account);
    }

    /** The account from which rows take their heap. */
    public HeapAccount account() {
        return account;
    }

    /** Empty accumulators that belong to no table. */
    public Accumulators newAccumulators() {
        return new Accumulators(new long[longs], objects == 0 ? NO_OBJECTS : new @Nullable Object[objects]);
    }

    /** Bytes of heap that {@link #newAccumulators} takes. */
    public long newAccumulatorBytes() {
        return HeapSizes.object(2 * HeapSizes.REFERENCE)
                + HeapSizes.longs(longs)
                + (objects == 0 ? 0 : HeapSizes.references(objects));
    }

    /** Bytes of heap that the objects at these cells take. */
    private long held(int longBase, int objectBase) {
        long bytes = 0;
        for (int function : holding) {
            cells.at(longBase + longOffsets[function], objectBase + objectOffsets[function]);
            bytes += functions[function].heapBytes(cells);
        }
        return bytes;
    }

    /** Whether there are functions that may refuse an event. */
    public boolean mayRefuse() {
        return fallible.length > 0;
    }

    /**
     * Lets the functions that may refuse the event fold it into copies. If there are such functions, it must be called
     * before {@link #add}: for each row, in the order of the calls of {@code add}, and before anything is changed for
     * the event.
     *
     * @throws AggregateFailedException if one refuses it; no accumulator has changed then, and nothing is prepared
     */
    public void prepare(RowTable table, Event event) {
        int row = table.find(event.keyBuffer(), event.keyStart(), event.keyLength());
        if (row < 0) {
            prepareNew(event);
        } else {
            table.select(row, cells);
            prepare(table.objectBase(row), event);
        }
    }

    /** As {@link #prepare(RowTable, Event)}. */
    public void prepare(Accumulators accumulators, Event event) {
        accumulators.select(cells);
        prepare(0, event);
    }

    /** As {@link #prepare(RowTable, Event)}, for a row that does not exist yet. */
    public void prepareNew(Event event) {
        if (empty == null) {
            empty = newAccumulators();
        }
        prepare(empty, event);
    }

    private void prepare(int objectBase, Event event) {
        try {
            for (int function : fallible) {
                cells.at(0, objectBase + objectOffsets[function]);
                Object added = ((FallibleAggregate) functions[function]).added(cells.object(0), event);
                prepared.add(added == null ? EMPTY : added);
            }
        } catch (AggregateFailedException e) {
            prepared.clear();
            throw e;
        }
    }

    /** Folds the event. If {@link #mayRefuse}, it was prepared for this row before. */
    public void add(RowTable table, int row, Event event) {
        table.select(row, cells);
        hold(table, add(table.longBase(row), table.objectBase(row), event));
    }

    /** As {@link #add(RowTable, int, Event)}; returns by how many bytes of heap the accumulators have grown. */
    public long add(Accumulators accumulators, Event event) {
        accumulators.select(cells);
        return add(0, 0, event);
    }

    private long add(int longBase, int objectBase, Event event) {
        long before = held(longBase, objectBase);
        for (int function : sure) {
            cells.at(longBase + longOffsets[function], objectBase + objectOffsets[function]);
            functions[function].add(cells, event);
        }
        for (int function : fallible) {
            cells.at(longBase + longOffsets[function], objectBase + objectOffsets[function]);
            Object added = prepared.remove();
            cells.object(0, added == EMPTY ? null : added);
        }
        return held(longBase, objectBase) - before;
    }

    /** Makes the accumulators of a row empty again. */
    public void clear(RowTable table, int row) {
        table.select(row, cells);
        table.hold(-held(table.longBase(row), table.objectBase(row)));
        table.clear(row);
    }

    /** Folds the row of another table, whose events come after those of {@code row}. */
    public void merge(RowTable table, int row, RowTable from, int fromRow) {
        table.select(row, cells);
        from.select(fromRow, other);
        hold(
                table,
                merge(table.longBase(row), table.objectBase(row), from.longBase(fromRow), from.objectBase(fromRow)));
    }

    /** Folds accumulators whose events come after those of {@code row}. */
    public void merge(RowTable table, int row, Accumulators from) {
        table.select(row, cells);
        from.select(other);
        hold(table, merge(table.longBase(row), table.objectBase(row), 0, 0));
    }

    private static void hold(RowTable table, long grown) {
        if (grown != 0) {
            table.hold(grown);
        }
    }

    /**
     * Folds accumulators whose events come after those of {@code accumulators}; returns by how many bytes of heap these
     * have grown.
     */
    public long merge(Accumulators accumulators, Accumulators from) {
        accumulators.select(cells);
        from.select(other);
        return merge(0, 0, 0, 0);
    }

    private long merge(int longBase, int objectBase, int fromLongBase, int fromObjectBase) {
        long before = held(longBase, objectBase);
        for (int i = 0; i < functions.length; i++) {
            cells.at(longBase + longOffsets[i], objectBase + objectOffsets[i]);
            other.at(fromLongBase + longOffsets[i], fromObjectBase + objectOffsets[i]);
            functions[i].merge(cells, other);
        }
        return held(longBase, objectBase) - before;
    }

    @Nullable
    public Object[] results(RowTable table, int row) {
        table.select(row, cells);
        return results(table.longBase(row), table.objectBase(row));
    }

    @Nullable
    public Object[] results(Accumulators accumulators) {
        accumulators.select(cells);
        return results(0, 0);
    }

    private @Nullable Object[] results(int longBase, int objectBase) {
        @Nullable Object[] results = new @Nullable Object[functions.length];
        for (int i = 0; i < functions.length; i++) {
            cells.at(longBase + longOffsets[i], objectBase + objectOffsets[i]);
            results[i] = functions[i].result(cells);
        }
        return results;
    }

    public void write(RowTable table, int row, StateOutput out) {
        table.select(row, cells);
        write(table.longBase(row), table.objectBase(row), out);
    }

    public void write(Accumulators accumulators, StateOutput out) {
        accumulators.select(cells);
        write(0, 0, out);
    }

    private void write(int longBase, int objectBase, StateOutput out) {
        for (int i = 0; i < functions.length; i++) {
            cells.at(longBase + longOffsets[i], objectBase + objectOffsets[i]);
            functions[i].write(cells, out);
        }
    }

    public void read(RowTable table, int row, StateInput in) {
        table.select(row, cells);
        hold(table, read(table.longBase(row), table.objectBase(row), in));
    }

    /** Reads into empty accumulators; returns by how many bytes of heap they have grown. */
    public long read(Accumulators accumulators, StateInput in) {
        accumulators.select(cells);
        return read(0, 0, in);
    }

    private long read(int longBase, int objectBase, StateInput in) {
        for (int i = 0; i < functions.length; i++) {
            cells.at(longBase + longOffsets[i], objectBase + objectOffsets[i]);
            functions[i].read(cells, in);
        }
        return held(longBase, objectBase);
    }
}
