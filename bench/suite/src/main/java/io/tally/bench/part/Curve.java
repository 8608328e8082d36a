package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.SourceSpec;
import java.util.List;

/**
 * What a line costs Tally, and the bare loop, as one property of the source grows.
 *
 * @param title what grows
 * @param sources one for each point of the curve
 */
record Curve(String title, List<SourceSpec> sources) implements Part {
    private static final Contender BARE_LOOP = Contender.bareLoop();
    private static final Contender TALLY = Contender.tally(1);

    @Override
    public String measure(Bench bench) throws Exception {
        Markdown text = new Markdown().paragraph("## %s", title);
        text.head(
                "partitions",
                "IPs",
                "million lines",
                "million rows",
                "lines/s to the bare loop",
                "CPU to the bare loop",
                "million lines/s",
                "CPU-s per million lines",
                "of the broker",
                "peak GiB",
                "bare loop: million lines/s",
                "CPU-s per million lines",
                "peak GiB");
        for (SourceSpec source : sources) {
            BenchData data = BenchData.write(bench, source);
            Rounds<Measurement> runs =
                    new FullSource(bench, data, FullSource.End.LAST_LINE).rounds(List.of(BARE_LOOP, TALLY));
            bench.admin().deleteTopics(List.of(source.topic())).all().get();
            text.row(point(data, runs));
        }
        return text.end().toString();
    }

    private static Object[] point(BenchData data, Rounds<Measurement> runs) {
        String bare = BARE_LOOP.name();
        String tally = TALLY.name();
        return new Object[] {
            data.source().partitions(),
            Markdown.format("%,d", data.source().ips()),
            Markdown.format("%.1f", data.source().lines() / 1e6),
            Markdown.format("%.3f", data.rows().count() / 1e6),
            runs.ratio(tally, bare, Measurement::rate),
            runs.ratio(tally, bare, Measurement::cpu),
            runs.figure(tally, run -> run.rate() / 1e6),
            runs.figure(tally, Measurement::cpu),
            runs.figure(tally, Measurement::cpuOfBroker),
            runs.figure(tally, run -> run.peakMebibytes() / 1024.0),
            runs.figure(bare, run -> run.rate() / 1e6),
            runs.figure(bare, Measurement::cpu),
            runs.figure(bare, run -> run.peakMebibytes() / 1024.0)
        };
    }
}
