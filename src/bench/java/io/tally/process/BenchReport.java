package io.tally.process;

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
        for (String name : rounds.systems()) {
            text.row(
                    name,
                    rounds.ratio(name, base.name(), Measurement::rate),
                    rounds.ratio(name, base.name(), Measurement::rateFromStart),
                    rounds.ratio(name, base.name(), Measurement::cpu));
        }
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
        for (String name : rounds.systems()) {
            text.row(
                    name,
                    rounds.figure(name, run -> run.rate() / 1e6),
                    rounds.figure(name, run -> run.rateFromStart() / 1e6),
                    rounds.figure(name, Measurement::cpu),
                    rounds.figure(name, Measurement::cpuOfBroker),
                    rounds.figure(name, Measurement::secondsToFirstCommit),
                    rounds.figure(name, run -> run.peakMebibytes() / 1024.0),
                    rounds.figure(name, run -> run.sinkBytes() / 1e6),
                    rounds.figure(name, run -> run.stateBytes() / 1e3));
        }
        return text.end().toString();
    }
}
