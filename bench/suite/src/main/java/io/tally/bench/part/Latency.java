package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.ProcessUse;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Percentiles;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.ClosedRow;
import io.tally.bench.source.Moment;
import io.tally.bench.source.PacedSource;
import io.tally.bench.source.SinkReader;
import io.tally.process.IpCounts;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * How long a row takes from the record that lets its window close to a reader, under a load that all systems keep up
 * with.
 */
public record Latency(String name, int linesPerSecond, int ips, List<Contender> contenders) implements Part {
    static final int SECONDS = Integer.getInteger("bench.latency-seconds");
    /** At one line a second a window may close late, but one does within the time of two. */
    private static final int LEAST_SECONDS = 2 * IpCounts.SIZE;
    /** After a contender has caught up: what runs only when a window closes is compiled late. */
    private static final int WARM_UP_SECONDS = 120;

    /** As often as Kafka Streams commits. */
    static final int CHECKPOINT_MILLIS = 100;

    private static final Contender STREAMS = Contender.streams(1, true, Contender.STREAMS_COMMITS);

    /** Those that write the rows of a partition also while there is nothing in the others. */
    public static final List<Contender> WITH_IDLE_PARTITIONS =
            List.of(Contender.bareLoop(), Contender.tally(1), STREAMS);

    public static final List<Contender> ALL =
            List.of(Contender.bareLoop(), Contender.tally(1), STREAMS, Contender.flink(1, CHECKPOINT_MILLIS));

    public Latency {
        if (SECONDS < LEAST_SECONDS) {
            throw new IllegalArgumentException("bench.latency-seconds=" + SECONDS + " may see no window of "
                    + IpCounts.SIZE + " s close: it must be at least " + LEAST_SECONDS);
        }
    }

    @Override
    public String measure(Bench bench) throws Exception {
        Rounds<LatencyMeasurement> rounds = new Rounds<>();
        for (int round = 1; round <= Bench.ROUNDS; round++) {
            for (Contender contender : Contender.inRound(round, contenders)) {
                LatencyMeasurement measurement = measure(bench, contender, round);
                bench.keep(name, measurement);
                rounds.add(contender.name(), measurement);
            }
        }
        return LatencyReport.markdown(this, rounds, contenders.contains(STREAMS) ? STREAMS : contenders.get(0));
    }

    private LatencyMeasurement measure(Bench bench, Contender contender, int round) throws Exception {
        String id = "bench-" + name + "-" + contenders.indexOf(contender) + "-" + round;
        try (LiveRun run = new LiveRun(bench, contender, id, linesPerSecond, ips)) {
            run.start();
            run.awaitLive();
            run.awaitLines(WARM_UP_SECONDS);
            long broker = bench.broker().pid();
            double cpu = run.cpuSeconds();
            double cpuOfBroker = ProcessUse.cpuSeconds(broker);
            long from = Moment.micros();
            run.awaitLines(SECONDS);
            long to = Moment.micros();
            run.requireWatched();
            double seconds = (to - from) / 1e6;
            return evaluate(
                    contender,
                    run.source(),
                    new ClosedRow.Span(from, to),
                    (run.cpuSeconds() - cpu) / seconds,
                    (ProcessUse.cpuSeconds(broker) - cpuOfBroker) / seconds,
                    run.finish());
        }
    }

    private static LatencyMeasurement evaluate(
            Contender contender,
            PacedSource source,
            ClosedRow.Span span,
            double cpu,
            double cpuOfBroker,
            List<SinkReader.Row> rows) {
        List<ClosedRow> counted = ClosedRow.of(source, rows, span);
        return new LatencyMeasurement(
                contender.name(),
                distribution(counted, ClosedRow::total),
                distribution(
                        source.acknowledgements().stream()
                                .filter(line -> span.contains(line.sentMicros()))
                                .toList(),
                        line -> (line.receivedMicros() - line.sentMicros()) / 1e3),
                distribution(counted, ClosedRow::toSource).p50(),
                distribution(counted, ClosedRow::toSink).p50(),
                distribution(counted, ClosedRow::toReader).p50(),
                cpu,
                cpuOfBroker);
    }

    private static <T> Percentiles distribution(List<T> sample, ToDoubleFunction<T> figure) {
        return Percentiles.of(sample.stream().mapToDouble(figure));
    }
}
