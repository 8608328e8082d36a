package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.SourceSpec;

/** The measurements of one data set as Markdown: ratios to the first contender in the same round, then the figures. */
final class BenchReport {
    private BenchReport() {}

    static String markdown(BenchData data, Rounds<Measurement> rounds, Contender base) {
        SourceSpec source = data.source();
        Markdown text = new Markdown()
                .paragraph(
                        "## %s: %,d %s, %,d IPs, %d partitions",
                        source.topic(), source.lines(), source.format().title(), source.ips(), source.partitions())
                .paragraph(
                        "Every run, but of a read-only consumer, wrote the %,d right rows. Median of the rounds (smallest to largest).",
                        data.rows().count());
        text.head("To " + base.name() + " in the same round", "lines/s", "lines/s from process start", "CPU per line");
        rounds.ratios(text, base.name(), Measurement::rate, Measurement::rateFromStart, Measurement::cpu);
        text.end();
        text.head(
                "",
                "million lines/s",
                "from process start",
                "CPU-s per million lines",
                "of the broker",
                "s to first commit",
                "peak GiB",
                "sink MB",
                "state kB");
        rounds.figures(
                text,
                run -> run.rate() / 1e6,
                run -> run.rateFromStart() / 1e6,
                Measurement::cpu,
                Measurement::cpuOfBroker,
                Measurement::secondsToFirstCommit,
                run -> run.peakMebibytes() / 1024.0,
                run -> run.sinkBytes() / 1e6,
                run -> run.stateBytes() / 1e3);
        return text.end().toString();
    }
}
