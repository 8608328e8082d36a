package io.tally.command.frame;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * Shows how far a command is: a bar that is drawn anew on a terminal, a line every few seconds elsewhere. Confined to
 * one thread.
 */
public final class Progress {
    private static final int WIDTH = 30;
    /** How often there is something new to see: on a terminal, and elsewhere. */
    private static final Duration REDRAW = Duration.ofMillis(200);

    private static final Duration LINE = Duration.ofSeconds(10);
    /** How many steps go by between two looks at the clock. */
    private static final int STEPS = 1 << 10;

    private final PrintStream err;
    private final boolean isTerminal;
    private final LongSupplier nanos;
    private String what = "";
    private long total;
    private long done;
    private long began;
    private long shownAt;
    private int steps;
    private boolean isDrawn;

    /**
     * Shows it there.
     *
     * @param nanos a steady clock
     */
    public Progress(PrintStream err, boolean isTerminal, LongSupplier nanos) {
        this.err = err;
        this.isTerminal = isTerminal;
        this.nanos = nanos;
    }

    /**
     * A part of the work begins.
     *
     * @param title what it is
     * @param amount how much there is to do; 0 if that is not known
     */
    public void begin(String title, long amount) {
        what = title;
        total = amount;
        done = 0;
        began = nanos.getAsLong();
        shownAt = began;
        steps = 0;
    }

    /** Notes that so much more is done. May be called for each record. */
    public void add(long amount) {
        done += amount;
        if (++steps < STEPS) {
            return;
        }
        steps = 0;
        long now = nanos.getAsLong();
        if (now - shownAt >= (isTerminal ? REDRAW : LINE).toNanos()) {
            shownAt = now;
            show(now);
        }
    }

    private void show(long now) {
        double seconds = Math.max(1e-3, (now - began) / 1e9);
        String rate = String.format(Locale.ROOT, "%,d/s", Math.round(done / seconds));
        if (!isTerminal) {
            err.println(what + ": " + share() + " " + rate);
            return;
        }
        int filled = total == 0 ? 0 : (int) (WIDTH * Math.min(done, total) / total);
        err.print("\r[" + "#".repeat(filled) + ".".repeat(WIDTH - filled) + "] " + share() + " " + rate + " " + what
                + "  ");
        err.flush();
        isDrawn = true;
    }

    private String share() {
        return total == 0
                ? String.format(Locale.ROOT, "%,d", done)
                : String.format(Locale.ROOT, "%,d of %,d (%d %%)", done, total, 100 * Math.min(done, total) / total);
    }

    /** Takes the bar away, so that something else can be printed. */
    public void clear() {
        if (isDrawn) {
            err.print("\r" + " ".repeat(100) + "\r");
            err.flush();
            isDrawn = false;
        }
    }
}
