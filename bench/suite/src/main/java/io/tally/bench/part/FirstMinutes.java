package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.PackagedForms;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Percentiles;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.ClosedRow;
import io.tally.bench.source.Moment;
import io.tally.bench.source.SinkReader;
import java.util.ArrayList;
import java.util.List;

/** How long rows take in each of the first minutes of a process, beside the last of them, when all is compiled. */
public record FirstMinutes(String name, int linesPerSecond, int ips) implements Part {
    private static final int MINUTES = 5;
    private static final int SECONDS = 60;

    /**
     * One run of one contender.
     *
     * @param contender its name
     * @param minutes milliseconds from the sending of the record that lets a window close to each of its rows at the
     *     reader, by the minutes since it had caught up
     */
    record Measurement(String contender, List<Percentiles> minutes) {
        Percentiles minute(int number) {
            return minutes.get(number - 1);
        }
    }

    @Override
    public String measure(Bench bench) throws Exception {
        List<Contender> contenders =
                List.of(PackagedForms.distribution(), Contender.streams(1, true, Contender.STREAMS_COMMITS));
        Rounds<Measurement> rounds = new Rounds<>();
        for (int round = 1; round <= Bench.ROUNDS; round++) {
            for (Contender contender : Contender.inRound(round, contenders)) {
                String id = "bench-" + name + "-" + contenders.indexOf(contender) + "-" + round;
                Measurement measurement = measure(bench, contender, id);
                bench.keep(name, measurement);
                rounds.add(contender.name(), measurement);
            }
        }
        return report(rounds);
    }

    private Measurement measure(Bench bench, Contender contender, String id) throws Exception {
        try (LiveRun run = new LiveRun(bench, contender, id, linesPerSecond, ips)) {
            run.start();
            run.awaitLive();
            List<ClosedRow.Span> minutes = new ArrayList<>();
            for (int minute = 0; minute < MINUTES; minute++) {
                long from = Moment.micros();
                run.awaitLines(SECONDS);
                minutes.add(new ClosedRow.Span(from, Moment.micros()));
            }
            List<SinkReader.Row> rows = run.finish();
            return new Measurement(
                    contender.name(),
                    minutes.stream()
                            .map(minute -> ClosedRow.of(run.source(), rows, minute))
                            .map(closed -> Percentiles.of(closed.stream().mapToDouble(ClosedRow::total)))
                            .toList());
        }
    }

    private String report(Rounds<Measurement> rounds) {
        Markdown text = new Markdown()
                .paragraph("## %s: %,d lines/s, IPs: %,d, %d partitions", name, linesPerSecond, ips, Bench.PARTITIONS)
                .paragraph("From the sending of the record that lets a window close until each of its rows is at a"
                        + " read_committed reader, by the minutes since the new process had caught up. Median of the"
                        + " rounds (smallest to largest).");
        text.head("Minute to minute " + MINUTES, "1, p99", "1, p50", "2, p99", "2, p50");
        rounds.figures(
                text,
                run -> run.minute(1).p99() / run.minute(MINUTES).p99(),
                run -> run.minute(1).p50() / run.minute(MINUTES).p50(),
                run -> run.minute(2).p99() / run.minute(MINUTES).p99(),
                run -> run.minute(2).p50() / run.minute(MINUTES).p50());
        text.end();
        text.head("Milliseconds", "minute 1, p50", "p99", "minute 2, p50", "p99", "minute " + MINUTES + ", p50", "p99");
        rounds.figures(
                text,
                run -> run.minute(1).p50(),
                run -> run.minute(1).p99(),
                run -> run.minute(2).p50(),
                run -> run.minute(2).p99(),
                run -> run.minute(MINUTES).p50(),
                run -> run.minute(MINUTES).p99());
        return text.end().toString();
    }
}
