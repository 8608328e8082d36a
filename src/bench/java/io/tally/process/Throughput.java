package io.tally.process;

import java.util.List;

/** How fast systems get through a source that is full already, and what that costs. */
record Throughput(String topic, RecordFormat format, int lines, int ips, List<Contender> contenders) implements Part {
    /** All that count lines. */
    static final List<Contender> ALL = List.of(
            Contender.bareLoop(),
            Contender.readOnly(),
            Contender.tally(1),
            Contender.tally(2),
            Contender.streams(1, true),
            Contender.streams(2, true),
            Contender.streams(2, false));

    @Override
    public String measure(Bench bench) throws Exception {
        BenchData data = BenchData.write(bench, topic, format, Bench.PARTITIONS, lines, ips);
        FullSource source = new FullSource(bench, data);
        BenchReport report = new BenchReport(data);
        for (int round = 1; round <= Bench.ROUNDS; round++) {
            for (Contender contender : contenders) {
                if (Bench.wants(contender)) {
                    Measurement measurement = source.run(contender);
                    bench.keep(topic, measurement);
                    report.add(measurement);
                }
            }
        }
        bench.admin().deleteTopics(List.of(topic)).all().get();
        return report.markdown();
    }
}
