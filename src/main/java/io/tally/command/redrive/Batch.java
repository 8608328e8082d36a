package io.tally.command.redrive;

import io.tally.command.recount.Coordinates;
import io.tally.command.recount.SideIndex.Position;
import io.tally.command.recount.SideIndex.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What goes into one transaction: some records of a partition of a side topic that follow one another. */
final class Batch {
    final Side side;
    /** The first offset that it does not have. */
    long to;

    final List<Item> items = new ArrayList<>();
    /** The rows that leave, in the order in which their first records come. */
    final Set<RowId> rows = new LinkedHashSet<>();
    /** Records that go to the end of their topic, since they cannot be counted. */
    final Map<Position, Coordinates> requeued = new LinkedHashMap<>();
    /** Records that are no events, or that a filter leaves out, or that are there again later, or of others. */
    long passed;

    Batch(Side side, long from) {
        this.side = side;
        to = from;
    }

    /** Whether it would write nothing and move no offset. */
    boolean isEmpty(long from) {
        return to == from;
    }

    /** Number of records. */
    long size() {
        return items.size() + requeued.size() + passed;
    }

    /** Whether it has room for a record of these rows. */
    boolean hasRoom(List<RowId> more, int mostRows, int mostRecords) {
        if (size() == 0) {
            return true;
        }
        long added = more.stream().filter(row -> !rows.contains(row)).count();
        return rows.size() + added <= mostRows && size() < mostRecords;
    }
}
