package io.tally.bench.part;

import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Rounds;
import java.util.Objects;

/** Outages as Markdown: ratios first, then seconds. */
final class RecoveryReport {
    /** What a take-over may take beyond the session timeout. */
    private static final int ALLOWANCE = 2;

    private RecoveryReport() {}

    static String markdown(Recovery load, Rounds<Outage> kills, Scenario base) {
        Markdown text = new Markdown()
                .paragraph("## recovery: %,d lines/s", load.linesPerSecond())
                .paragraph("From the SIGKILL on. Afterwards no row was missing and none there twice. Median of the"
                        + " kills (smallest to largest).");
        text.head("Commits in all partitions", "to the session timeout + " + ALLOWANCE + " s", "to " + base.name());
        for (String name : kills.systems()) {
            text.row(
                    name,
                    kills.figure(name, kill -> kill.toAllPartitions() / (Recovery.SESSION_TIMEOUT + ALLOWANCE)),
                    kills.ratio(name, base.name(), Outage::toAllPartitions));
        }
        text.end();
        text.head(
                "Seconds",
                "first commit, from the start of the JVM",
                "from the kill",
                "commits in all partitions",
                "live end");
        kills.figures(
                text,
                kill -> Objects.requireNonNullElse(kill.restartToCommit(), Double.NaN),
                Outage::toCommit,
                Outage::toAllPartitions,
                Outage::toLiveEnd);
        return text.end().toString();
    }
}
