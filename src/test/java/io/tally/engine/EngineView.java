package io.tally.engine;

import io.tally.aggregate.StateOutput;
import io.tally.engine.row.Aggregates;
import io.tally.engine.row.RowTable;
import io.tally.engine.session.Session;
import io.tally.engine.session.SessionEntry;
import io.tally.engine.slice.OpenSlices;
import io.tally.engine.slice.RevisionColumns;
import io.tally.engine.slice.Slice;
import io.tally.window.TimeWindow;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything in an engine that the next record, checkpoint or recovery depends on, for tests to compare. */
public final class EngineView {
    private EngineView() {}

    /**
     * One open row.
     *
     * @param ordinal its place among its slice's rows
     * @param appliedUpTo -1 if it was never written to the state topic
     * @param dirtySince {@link Long#MAX_VALUE} if the state topic has its newest form
     * @param numbers the numbers that it has beside its accumulators
     * @param results what it would emit if its window closed now
     * @param accumulators its durable form
     */
    public record Row(
            long sliceStart,
            int ordinal,
            String key,
            long appliedUpTo,
            long dirtySince,
            String numbers,
            String results,
            String accumulators) {}

    /** All open rows, by slice and ordinal. */
    public static List<Row> rows(WindowEngine engine) {
        if (engine instanceof SliceEngine slices) {
            return rows(slices.open, slices.aggregates, false);
        }
        if (engine instanceof RevisionEngine windows) {
            return rows(windows.open, windows.aggregates, true);
        }
        return rows((SessionEngine) engine);
    }

    private static List<Row> rows(OpenSlices open, Aggregates aggregates, boolean revised) {
        List<Row> rows = new ArrayList<>();
        StateOutput out = new StateOutput();
        for (Slice slice : open.slices) {
            for (int row = 0; row < slice.rows.size(); row++) {
                int start = slice.rows.keyStart(row);
                String key =
                        HexFormat.of().formatHex(slice.rows.keyBuffer(row), start, start + slice.rows.keyLength(row));
                out.reset();
                aggregates.write(slice.rows, row, out);
                rows.add(new Row(
                        slice.start,
                        row,
                        key,
                        slice.rows.appliedUpTo(row),
                        slice.rows.dirtySince(row),
                        revised ? revision(slice.rows, row) : "",
                        text(aggregates.results(slice.rows, row)),
                        HexFormat.of().formatHex(out.toByteArray())));
            }
        }
        return rows;
    }

    private static String revision(RowTable rows, int row) {
        long unsent = rows.column(row, RevisionColumns.UNSENT);
        return "revision " + rows.column(row, RevisionColumns.REVISION) + " unsent "
                + (unsent == 0 ? "nothing" : unsent - 1);
    }

    private static List<Row> rows(SessionEngine engine) {
        List<Row> rows = new ArrayList<>();
        StateOutput out = new StateOutput();
        SessionEntry view = engine.view;
        engine.table.forEach(session -> {
            out.reset();
            view.at(session).writeAccumulators(out);
            rows.add(new Row(
                    view.sliceStart(),
                    0,
                    HexFormat.of().formatHex(session.key),
                    // Under another name it waits for its tombstone.
                    session.storedStart == view.sliceStart() ? session.appliedUpTo : RowTable.NEVER,
                    session.dirtyAt != Session.CLEAN ? engine.recoveryOffset() : RowTable.CLEAN,
                    "last " + session.last + " revision " + session.revision + " unsent "
                            + (session.unsentSince == Session.NOTHING_UNSENT ? "nothing" : session.unsentSince)
                            + " shown " + windows(session.shown),
                    text(engine.aggregates.results(session.accumulators)),
                    HexFormat.of().formatHex(out.toByteArray())));
        });
        rows.sort(Comparator.comparing(Row::sliceStart).thenComparing(Row::key));
        return rows;
    }

    /** Windows one after the other. */
    public static String windows(List<TimeWindow> windows) {
        return windows.stream()
                .map(window -> "[" + window.start() + "," + window.end() + ")")
                .collect(Collectors.joining());
    }

    /** The results of one row, separated by bars. */
    public static String text(@Nullable Object[] values) {
        StringJoiner text = new StringJoiner("|");
        for (Object value : values) {
            text.add(text(value));
        }
        return text.toString();
    }

    private static String text(@Nullable Object value) {
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof byte[] bytes) {
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(EngineView::text).toList().toString();
        }
        if (value instanceof Map<?, ?> map) {
            Map<Object, String> texts = new LinkedHashMap<>();
            map.forEach((name, member) -> texts.put(name, text(member)));
            return texts.toString();
        }
        return String.valueOf(value);
    }
}
