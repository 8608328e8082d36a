package io.tally.bench.contender;

import io.tally.process.IpCounts;
import java.util.List;

/**
 * Windows in which lines are counted per IP, and when their rows leave; the grace is that of the default pipeline.
 *
 * @param size in seconds; of a session the gap that ends it
 * @param advance in seconds, from the start of a window to that of the next
 * @param updates whether rows also leave while they grow
 */
public record IpWindows(Kind kind, int size, int advance, boolean updates) {
    enum Kind {
        /** Of one size, one after the other or overlapping. */
        HOPPING,
        /** From the first line of an IP to the gap after its last. */
        SESSION
    }

    /** Those of the default pipeline. */
    public static final IpWindows DEFAULT = tumbling(IpCounts.SIZE);

    public static IpWindows tumbling(int size) {
        return hopping(size, size);
    }

    public static IpWindows hopping(int size, int advance) {
        return new IpWindows(Kind.HOPPING, size, advance, false);
    }

    public static IpWindows session(int gap) {
        return new IpWindows(Kind.SESSION, gap, gap, false);
    }

    public IpWindows withUpdates() {
        return new IpWindows(kind, size, advance, true);
    }

    /** As an argument of a process. */
    String argument() {
        return kind + "," + size + "," + advance + "," + updates;
    }

    static IpWindows parse(String argument) {
        String[] parts = argument.split(",");
        return new IpWindows(
                Kind.valueOf(parts[0]),
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Boolean.parseBoolean(parts[3]));
    }

    /** The same for Tally: settings of the pipeline, without its prefix. */
    List<String> tally() {
        String emit = "emit=" + (updates ? "updates" : "final");
        if (kind == Kind.SESSION) {
            // The start of a session that has not ended is not its name yet.
            String row = "sink.template={start} {key} {count}" + (updates ? " {final}" : "");
            return List.of(emit, row, "window.type=session", "window.gap=" + size + "s");
        }
        return advance == size
                ? List.of(emit, "window.size=" + size + "s")
                : List.of(emit, "window.type=hopping", "window.size=" + size + "s", "window.advance=" + advance + "s");
    }

    /** From a line to the one that can close the last of its windows, in seconds of event time. */
    public int open() {
        return size + IpCounts.GRACE;
    }

    /** How many windows a line is counted in. */
    public int copies() {
        return size / advance;
    }
}
