package io.tally.command.dryrun;

import io.tally.config.Durations;
import io.tally.pipeline.PipelineSpec;
import io.tally.window.WindowKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What to set, as far as a dry run can tell. Each sentence says what it is derived from. */
final class Advice {
    /** How long a recovery may read again, in the advice on the checkpoint interval. */
    private static final Duration RECOVERY = Duration.ofSeconds(5);

    /** The source must still have what a recovery reads, so the interval is bounded, however few records come. */
    private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

    private static final long MEGABYTE = 1 << 20;
    /** What clients and the rest of a process need. */
    private static final long LEAST_HEAP = 256 * MEGABYTE;

    private final PipelineSpec spec;
    private final Findings findings;
    private final double lateRatio;

    Advice(PipelineSpec spec, Findings findings, double lateRatio) {
        this.spec = spec;
        this.findings = findings;
        this.lateRatio = lateRatio;
    }

    List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(grace());
        String interval = interval();
        if (interval != null) {
            sentences.add(interval);
        }
        sentences.add(heap());
        return sentences;
    }

    /** The shortest grace under which at most the wanted share of events is late; null if that cannot be told. */
    @Nullable
    Duration wantedGrace() {
        if (spec.window().windowing() == null || findings.countable() == 0) {
            return null;
        }
        long millis = findings.overdue.reachedByAtMost((long) (lateRatio * findings.countable()));
        long unit = millis < 1_000 ? 1 : millis < 600_000 ? 1_000 : 60_000;
        return Duration.ofMillis((millis + unit - 1) / unit * unit);
    }

    private String grace() {
        Duration wanted = wantedGrace();
        if (wanted == null) {
            return findings.countable() == 0
                    ? "window.grace: nothing was counted, so nothing can be said"
                    : "window.grace: of " + kind() + " the other events of a key decide what is late, so that only the"
                            + " configured grace can be judged";
        }
        return "window.grace: " + Durations.print(wanted) + " leaves at most " + Report.percent(lateRatio)
                + " of these events late"
                + " (configured is " + Durations.print(spec.window().grace()) + ": "
                + Report.percent(findings.ledger.late() / (double) findings.countable()) + ")";
    }

    private String kind() {
        return spec.window().kind() instanceof WindowKind.Sessions ? "sessions" : "totals with a ttl";
    }

    /** Events per second of event time, 0 if there is no span. */
    double rate() {
        double seconds = (findings.lastTime - findings.firstTime) / 1e3;
        return seconds <= 0 ? 0 : findings.ledger.total() / seconds;
    }

    private @Nullable String interval() {
        double rate = rate();
        if (rate == 0) {
            return null;
        }
        double speed = findings.ledger.total() / (findings.took / 1e9);
        long most = (long) Math.min(LONGEST_INTERVAL.toMillis(), RECOVERY.toSeconds() * speed / rate * 1e3);
        Duration open = spec.window().open();
        if (most < 1_000) {
            return String.format(
                    Locale.ROOT,
                    "checkpoint.interval: with %,.0f events a second of event time, and %,.0f read a second here, more"
                            + " partitions or instances are needed",
                    rate,
                    speed);
        }
        boolean isTotal = spec.window().kind() instanceof WindowKind.Totals;
        boolean isNeverWritten = !isTotal && !open.isZero() && most > open.toMillis();
        Duration interval =
                Duration.ofMillis(isNeverWritten ? Math.min(most, 2 * open.toMillis() + 1_000) : most / 1_000 * 1_000);
        return String.format(
                Locale.ROOT,
                "checkpoint.interval: %s; a recovery then reads some %,.0f events again, in %.1f s at this speed%s"
                        + " (configured is %s)",
                Durations.print(Duration.ofSeconds(Math.max(1, interval.toSeconds()))),
                rate * interval.toMillis() / 1e3,
                rate * interval.toMillis() / 1e3 / speed,
                isNeverWritten
                        ? ", and most state is never written, since windows are open for " + Durations.print(open)
                        : isTotal
                                ? ". Totals stay, so their state is written"
                                : ". Windows are open for longer, so their state is written",
                Durations.print(spec.checkpoint().interval()));
    }

    private String heap() {
        long bytes = Math.max(LEAST_HEAP, 2 * findings.openBytes + LEAST_HEAP / 2);
        long rounded = (bytes + 64 * MEGABYTE - 1) / (64 * MEGABYTE) * 64;
        return "heap: -Xmx" + rounded + "m for one instance with all partitions: open windows took at most "
                + Report.bytes(findings.openBytes) + ", and may have half of the heap";
    }
}
