package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.SourceSpec;
import java.util.List;

/**
 * How fast systems get through a source that is full already, and what that costs.
 *
 * @param source what they read
 * @param end when a run is at its end
 * @param contenders the first is what the others are compared with
 */
public record Throughput(SourceSpec source, FullSource.End end, List<Contender> contenders) implements Part {
    @Override
    public String measure(Bench bench) throws Exception {
        BenchData data = BenchData.write(bench, source);
        Rounds<Measurement> rounds = new FullSource(bench, data, end).rounds(contenders);
        bench.admin().deleteTopics(List.of(source.topic())).all().get();
        return BenchReport.markdown(data, rounds, contenders.get(0));
    }
}
