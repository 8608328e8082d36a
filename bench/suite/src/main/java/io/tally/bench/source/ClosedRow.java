package io.tally.bench.source;

import java.util.List;
import java.util.Map;

/**
 * A row and the line that let its window close.
 *
 * @param row as a reader saw it
 * @param closing that line
 */
public record ClosedRow(SinkReader.Row row, PacedSource.Closing closing) {
    /** What was sent from one moment on, until another, in microseconds. */
    public record Span(long from, long to) {
        public boolean contains(long sent) {
            return sent >= from && sent < to;
        }
    }

    /**
     * The rows of the windows that a line of that time closed. The very last windows are closed by the end of the
     * source rather than by a line of the load.
     */
    public static List<ClosedRow> of(PacedSource source, List<SinkReader.Row> rows, Span span) {
        Map<WindowPartition, PacedSource.Closing> closings = source.closings();
        return rows.stream()
                .filter(row -> closings.containsKey(row.window()))
                .map(row -> new ClosedRow(row, closings.get(row.window())))
                .filter(row -> span.contains(row.closing().sentMicros()))
                .toList();
    }

    /** Milliseconds from the sending of the line to the row's being at the reader. */
    public double total() {
        return (row.seenMicros() - closing.sentMicros()) / 1e3;
    }

    /** Milliseconds from there to the line's being appended to the source. */
    public double toSource() {
        return closing.appendedMillis() - closing.sentMicros() / 1e3;
    }

    /** Milliseconds from there to the row's being appended to the sink. */
    public double toSink() {
        return row.appendedMillis() - closing.appendedMillis();
    }

    /** Milliseconds from there to the row's being at the reader. */
    public double toReader() {
        return row.seenMicros() / 1e3 - row.appendedMillis();
    }
}
