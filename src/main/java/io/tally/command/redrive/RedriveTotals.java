package io.tally.command.redrive;

import io.tally.command.recount.RedriveMark;
import io.tally.command.recount.SideIndex.Side;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was done. */
final class RedriveTotals {
    /** What became of a side partition. */
    static final class Part {
        long from;
        long to;
        long counted;
        long passed;
        long requeued;
    }

    /** A row that left. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Row(Target target, RedriveMark mark, byte[] value) {}

    final SortedMap<Side, Part> parts;
    final Map<Side, Pass.Stop> stops = new LinkedHashMap<>();
    final List<Row> shown = new ArrayList<>();
    private final long mostShown;
    long rows;
    long firstRows;
    long transactions;
    /** Whether a dry run has not looked at all that there is. */
    boolean hasMore;

    /** @param mostShown how many rows are kept */
    RedriveTotals(SidePlaces places, long mostShown) {
        this.mostShown = mostShown;
        parts = new TreeMap<>(places.next().comparator());
        places.next().forEach((side, from) -> {
            Part part = new Part();
            part.from = from;
            part.to = from;
            parts.put(side, part);
        });
    }

    void planned(Pass pass) {
        stops.putAll(pass.stops);
    }

    void row(Target target, RedriveMark mark, byte[] value) {
        rows++;
        firstRows += mark.revision() == 1 ? 1 : 0;
        if (shown.size() < mostShown) {
            shown.add(new Row(target, mark, value));
        }
    }

    void written(Batch batch) {
        transactions++;
        Part part = Objects.requireNonNull(parts.get(batch.side), "all are known from the start");
        part.to = batch.to;
        part.counted += batch.items.size();
        part.passed += batch.passed;
        part.requeued += batch.requeued.size();
    }
}
