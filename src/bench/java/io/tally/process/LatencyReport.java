package io.tally.process;

import java.util.Locale;

/** Latencies under one load as Markdown: ratios to Kafka Streams in the same round first, then milliseconds. */
final class LatencyReport {
    private final int linesPerSecond;
    private final int ips;
    private final Contender base;
    private final Rounds<LatencyMeasurement> rounds = new Rounds<>();

    LatencyReport(int linesPerSecond, int ips, Contender base) {
        this.linesPerSecond = linesPerSecond;
        this.ips = ips;
        this.base = base;
    }

    void add(LatencyMeasurement measurement) {
        rounds.add(measurement.contender(), measurement);
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, "## Latency at %,d lines/s, IPs: %,d, %d partitions", linesPerSecond, ips, Bench.PARTITIONS);
        line(text, "");
        line(text, "From the sending of the record that lets a window close until each of its rows is at a");
        line(text, "read_committed reader. All rows were right. Median of the rounds (smallest to largest).");
        line(text, "");
        line(text, "| To Kafka Streams of the same round | p99 | p50 |");
        line(text, "|---|---|---|");
        rounds.forEach((name, runs) -> line(
                text,
                "| %s | %s | %s |",
                name,
                rounds.ratio(runs, base, run -> run.rows().p99()),
                rounds.ratio(runs, base, run -> run.rows().p50())));
        line(text, "");
        line(text, "| Milliseconds | rows per round | p50 | p90 | p99 | max | source's acknowledgements, p50 | p99 |");
        line(text, "|---|---|---|---|---|---|---|---|");
        rounds.forEach((name, runs) -> line(
                text,
                "| %s | %.0f | %s | %s | %s | %s | %s | %s |",
                name,
                Rounds.median(runs, run -> run.rows().count()),
                Rounds.figure(runs, run -> run.rows().p50()),
                Rounds.figure(runs, run -> run.rows().p90()),
                Rounds.figure(runs, run -> run.rows().p99()),
                Rounds.figure(runs, run -> run.rows().max()),
                Rounds.figure(runs, run -> run.acknowledgements().p50()),
                Rounds.figure(runs, run -> run.acknowledgements().p99())));
        line(text, "");
        line(text, "The medians of its sections, by the broker's times of appending, which are whole milliseconds:");
        line(text, "");
        line(text, "| Milliseconds | sent to appended to the source | to row appended to the sink | to reader |");
        line(text, "|---|---|---|---|");
        rounds.forEach((name, runs) -> line(
                text,
                "| %s | %s | %s | %s |",
                name,
                Rounds.figure(runs, LatencyMeasurement::toSource),
                Rounds.figure(runs, LatencyMeasurement::toSink),
                Rounds.figure(runs, LatencyMeasurement::toReader)));
        line(text, "");
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
