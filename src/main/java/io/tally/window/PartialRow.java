package io.tally.window;

/**
 * A view of one row on its way to another engine, which takes it as a {@link Partial}. Reused for every row: valid
 * during the call that receives it.
 */
public final class PartialRow {
    private final Aggregates aggregates;
    private RowTable rows;
    private int row;
    private long minTime;
    private long maxTime;

    PartialRow(Aggregates aggregates, RowTable rows) {
        this.aggregates = aggregates;
        this.rows = rows;
    }

    void at(RowTable rows, int row, long minTime, long maxTime) {
        this.rows = rows;
        this.row = row;
        this.minTime = minTime;
        this.maxTime = maxTime;
    }

    /** See {@link Partial#minTime}. */
    public long minTime() {
        return minTime;
    }

    /** See {@link Partial#maxTime}. */
    public long maxTime() {
        return maxTime;
    }

    public byte[] keyBuffer() {
        return rows.keyBuffer(row);
    }

    public int keyStart() {
        return rows.keyStart(row);
    }

    public int keyLength() {
        return rows.keyLength(row);
    }

    public void writeAccumulators(StateOutput out) {
        aggregates.write(rows, row, out);
    }
}
