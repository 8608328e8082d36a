package io.tally.command.redrive;

import io.tally.command.recount.Coordinates;
import io.tally.command.recount.RowFold;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideIndex.Side;
import io.tally.window.Windowing;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What is corrected with one reading of the source: several transactions, one after the other. */
final class Pass {
    /** Where a side partition stops. */
    record Stop(Position position, Coordinates at, Obstacle obstacle) {}

    final List<Batch> batches = new ArrayList<>();
    final Map<RowId, Target> targets = new LinkedHashMap<>();
    /** The number of the transaction of each record that is counted. */
    final Map<Position, Integer> planned = new HashMap<>();
    /** Where it does not go on. */
    final Map<Side, Stop> stops = new LinkedHashMap<>();

    private final Windowing windowing;
    private final RowFold.Maker rows;

    Pass(Windowing windowing, RowFold.Maker rows) {
        this.windowing = windowing;
        this.rows = rows;
    }

    /** Adds a transaction, of which the records and rows are known. */
    void add(Batch batch) {
        int number = batches.size();
        batches.add(batch);
        for (Item item : batch.items) {
            planned.put(item.position(), number);
            for (RowId row : item.rows()) {
                targets.computeIfAbsent(
                                row,
                                id -> new Target(
                                        item.at().partition(),
                                        windowing.windowStart(id.end()),
                                        id.end(),
                                        id.bytes(),
                                        rows))
                        .leavesIn(number);
            }
        }
    }

    /** What is planned of a row. */
    Target target(RowId row) {
        return Objects.requireNonNull(targets.get(row), "it is in a transaction");
    }

    /** Whether there is anything to count. */
    boolean hasRows() {
        return !targets.isEmpty();
    }
}
