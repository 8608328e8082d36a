package io.tally.command.explain;

import io.tally.aggregate.Event;
import io.tally.command.recount.RowFold;
import io.tally.engine.WindowResult;
import io.tally.window.Emission;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The row that the source gives, for one partition whose watermark closes the window. There are several such rows only
 * if a key is in several partitions without a shuffle. If rows have revisions, each is matched as it comes.
 */
final class SourceRow {
    /** Rows that the sinks should have, and have not. */
    record Missing(int sink, WindowResult result, long events) {}

    private final Scene scene;
    /** The partition whose watermark closes it: of the source, or of the shuffle topic. */
    final int partition;
    /** Whether each of its revisions can be told. */
    private final boolean byRevision;

    private final RowFold counted;
    private final List<SinkSearch> sinks;
    private final List<SinkRow> found;
    final EventList events;
    final List<Missing> missing = new ArrayList<>();
    private long revision;
    private boolean isClosed;
    private @Nullable EventPlace last;

    SourceRow(Scene scene, int partition, List<SinkSearch> sinks, List<SinkRow> found, int most) {
        this.scene = scene;
        this.partition = partition;
        this.sinks = sinks;
        this.found = found;
        byRevision = scene.window().hasRevisions() && !scene.knowsLastOnly();
        counted = scene.newRow();
        events = new EventList(most);
    }

    /**
     * Counts an event.
     *
     * @throws io.tally.aggregate.AggregateFailedException if a function refuses it
     */
    void fold(Event event, EventPlace place) {
        counted.prepare(event);
        counted.add(event);
        events.add(place);
        last = place;
        if (byRevision && (isClosed || scene.window().emission() == Emission.UPDATES)) {
            leave(isClosed, isClosed);
        }
    }

    /** The watermark has reached the window's end. */
    void close() {
        if (!isClosed) {
            isClosed = true;
            if (byRevision && events.count() > 0 && !isFinalAlready()) {
                leave(true, true);
            }
        }
    }

    /**
     * Whether the row that was taken for an update is the final one. If rows do not say which they are, it is the final
     * one if no other follows.
     */
    private boolean isFinalAlready() {
        if (revision == 0) {
            return false;
        }
        WindowResult same = result(true);
        revision++;
        WindowResult next = result(true);
        revision--;
        for (int sink = 0; sink < sinks.size(); sink++) {
            SinkRow row = row(sink, same, true);
            if (row == null || row(sink, next, false) != null) {
                return false;
            }
            row.match(same, events.count(), last, partition);
        }
        return true;
    }

    /** All events are counted. */
    void end() {
        if (scene.isClosed(partition)) {
            close();
        }
        if (!byRevision && events.count() > 0) {
            leaveOnce();
        }
    }

    /** The last of several rows is the one that has all events. */
    private void leaveOnce() {
        boolean must = isClosed;
        if (scene.window().hasRevisions()) {
            long rows = Math.max(1, found.stream().filter(row -> row.sink == 0).count());
            // Compaction may have removed more, at most one for each event.
            long most = scene.hasShuffle() ? rows : Math.max(rows, events.count() + 1);
            revision = rows;
            while (revision < most && row(0, result(must), false) == null) {
                revision++;
            }
            revision = row(0, result(must), false) == null ? rows : revision;
        }
        leave(result(must), must);
    }

    /** A row leaves with the next revision, or may have left. */
    private void leave(boolean isFinal, boolean must) {
        revision++;
        boolean left = leave(result(isFinal), must);
        if (!left && !must) {
            revision--;
        }
    }

    private boolean leave(WindowResult result, boolean must) {
        boolean left = false;
        for (int sink = 0; sink < sinks.size(); sink++) {
            SinkRow row = row(sink, result, false);
            if (row != null) {
                row.match(result, events.count(), last, partition);
                left = true;
            } else if (must) {
                missing.add(new Missing(sink, result, events.count()));
            }
        }
        return left;
    }

    /** The row of a sink that is this one, and was matched or not; null if there is none. */
    private @Nullable SinkRow row(int sink, WindowResult result, boolean isMatched) {
        byte[] key = sinks.get(sink).key(result);
        byte[] value = sinks.get(sink).value(result);
        for (SinkRow row : found) {
            if (row.sink == sink && (row.match != null) == isMatched && row.is(key, value)) {
                return row;
            }
        }
        return null;
    }

    /** The row as it is now. */
    WindowResult result(boolean isFinal) {
        Question question = scene.question();
        return new WindowResult(
                question.start(),
                question.end(),
                question.key(),
                counted.results(),
                scene.window().hasRevisions() ? revision : 0,
                isFinal);
    }

    boolean isClosed() {
        return isClosed;
    }
}
