package io.tally.engine;

import io.tally.engine.slice.Slice;
import io.tally.window.Windowing;

/** What it means for an engine if its watermark is set back, so that windows that had closed are open again. */
public final class Reopening {
    private Reopening() {}

    /**
     * Whether a closed window would be open again with only some of its rows. That happens where windows are put
     * together from slices, and only the later slices of a window are still open.
     *
     * @param to the new watermark, before the engine's
     */
    public static boolean splitsRows(WindowEngine engine, long to) {
        if (engine instanceof SliceEngine slices) {
            for (Slice slice : slices.open.slices) {
                if (slices.windowing.nextWindowEnd(Math.max(to, slice.start)) <= slices.watermark()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether any window that the engine has would be open, {@link #splitsRows} aside; totals are in none. */
    public static boolean leavesOpen(WindowEngine engine, long to) {
        if (engine instanceof SessionEngine sessions) {
            boolean[] any = {false};
            sessions.table.forEach(session -> any[0] |= sessions.rule.end(session) > to);
            return any[0] && !sessions.rule.isTotals();
        }
        if (engine instanceof RevisionEngine windows) {
            return windows.open.slices.stream().anyMatch(window -> window.end > to && window.end != Windowing.NEVER);
        }
        return engine.openWindows() > 0;
    }

    /**
     * To be called before the last checkpoint under the old watermark. An entry of a former version can be read under
     * the old watermark only.
     */
    public static void prepare(WindowEngine engine, long to) {
        if (engine instanceof SessionEngine sessions) {
            sessions.table.forEach(session -> {
                if (session.closed && sessions.rule.end(session) > to) {
                    sessions.changes.add(session);
                }
            });
        }
    }
}
