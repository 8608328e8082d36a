package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Rounds;

/** Latencies under one load as Markdown: ratios to another system in the same round first, then milliseconds. */
final class LatencyReport {
    private LatencyReport() {}

    static String markdown(Latency load, Rounds<LatencyMeasurement> rounds, Contender base) {
        Markdown text = new Markdown()
                .paragraph(
                        "## %s: %,d lines/s, IPs: %,d, %d partitions",
                        load.name(), load.linesPerSecond(), load.ips(), Bench.PARTITIONS)
                .paragraph("From the sending of the record that lets a window close until each of its rows is at a"
                        + " read_committed reader. All rows were right. Median of the rounds (smallest to largest).");
        text.head("To " + base.name() + " in the same round", "p99", "p50", "CPU");
        rounds.ratios(
                text, base.name(), run -> run.rows().p99(), run -> run.rows().p50(), LatencyMeasurement::cpu);
        text.end();
        text.head(
                "Milliseconds",
                "thousand rows per round",
                "p50",
                "p90",
                "p99",
                "max",
                "source's acknowledgements, p50",
                "p99");
        rounds.figures(
                text,
                run -> run.rows().count() / 1e3,
                run -> run.rows().p50(),
                run -> run.rows().p90(),
                run -> run.rows().p99(),
                run -> run.rows().max(),
                run -> run.acknowledgements().p50(),
                run -> run.acknowledgements().p99());
        text.end();
        text.paragraph(
                "The medians of its sections, by the broker's times of appending, which are whole milliseconds:");
        text.head("Milliseconds", "sent to appended to the source", "to row appended to the sink", "to reader");
        rounds.figures(text, LatencyMeasurement::toSource, LatencyMeasurement::toSink, LatencyMeasurement::toReader);
        text.end();
        text.head("Percent of a core", "of the system", "of the broker, writer and reader served included");
        rounds.figures(text, run -> run.cpu() * 100, run -> run.cpuOfBroker() * 100);
        return text.end().toString();
    }
}
