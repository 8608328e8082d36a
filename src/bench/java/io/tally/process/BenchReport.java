package io.tally.process;

import java.util.Locale;

/** The measurements of one data set as Markdown: ratios to the bare loop of the same round first, then the figures. */
final class BenchReport {
    private final BenchData data;
    private final Rounds<Measurement> rounds = new Rounds<>();

    BenchReport(BenchData data) {
        this.data = data;
    }

    void add(Measurement measurement) {
        rounds.add(measurement.contender(), measurement);
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        line(
                text,
                "## %,d %s, %,d IPs, %d partitions",
                data.lines(),
                data.format().title(),
                data.ips(),
                data.partitions());
        line(text, "");
        line(
                text,
                "Every run wrote the %,d right rows. Median of the rounds (smallest to largest).",
                data.rows().count());
        line(text, "");
        line(text, "| To the bare loop of the same round | lines/s | lines/s from process start | CPU per line |");
        line(text, "|---|---|---|---|");
        rounds.forEach((name, runs) -> line(
                text,
                "| %s | %s | %s | %s |",
                name,
                rounds.ratio(runs, Contender.bareLoop(), Measurement::rate),
                rounds.ratio(runs, Contender.bareLoop(), Measurement::rateFromStart),
                rounds.ratio(runs, Contender.bareLoop(), Measurement::cpu)));
        line(text, "");
        line(
                text,
                "| | million lines/s | from process start | CPU-s per million lines | of the broker | first commit after"
                        + " | peak memory | sink | state |");
        line(text, "|---|---|---|---|---|---|---|---|---|");
        rounds.forEach((name, runs) -> line(
                text,
                "| %s | %s | %s | %s | %s | %s s | %.0f MiB | %.1f MB | %.3f MB |",
                name,
                Rounds.figure(runs, run -> run.rate() / 1e6),
                Rounds.figure(runs, run -> run.rateFromStart() / 1e6),
                Rounds.figure(runs, Measurement::cpu),
                Rounds.figure(runs, Measurement::cpuOfBroker),
                Rounds.figure(runs, Measurement::secondsToFirstCommit),
                Rounds.median(runs, Measurement::peakMebibytes),
                Rounds.median(runs, Measurement::sinkBytes) / 1e6,
                Rounds.median(runs, Measurement::stateBytes) / 1e6));
        line(text, "");
        return text.toString();
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
