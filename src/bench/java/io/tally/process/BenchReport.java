package io.tally.process;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The measurements of one data set as Markdown: ratios to the bare loop of the same round first, then the figures. */
final class BenchReport {
    private final BenchData data;
    /** By contender, one for each round. */
    private final Map<String, List<Measurement>> measurements = new LinkedHashMap<>();

    BenchReport(BenchData data) {
        this.data = data;
    }

    void add(Measurement measurement) {
        measurements
                .computeIfAbsent(measurement.contender(), name -> new ArrayList<>())
                .add(measurement);
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, "## %,d lines, %,d IPs, %d partitions", data.lines(), data.ips(), data.partitions());
        line(text, "");
        line(text, "Every run wrote the %,d right rows. Median of the rounds (smallest to largest).", data.rows().count());
        line(text, "");
        line(text, "| To the bare loop of the same round | lines/s | lines/s from process start | CPU per line |");
        line(text, "|---|---|---|---|");
        measurements.forEach((name, runs) -> line(
                text,
                "| %s | %s | %s | %s |",
                name,
                ratio(runs, Measurement::rate),
                ratio(runs, Measurement::rateFromStart),
                ratio(runs, Measurement::cpu)));
        line(text, "");
        line(
                text,
                "| | million lines/s | from process start | CPU-s per million lines | of the broker | first commit after"
                        + " | peak memory | sink | state |");
        line(text, "|---|---|---|---|---|---|---|---|---|");
        measurements.forEach((name, runs) -> line(
                text,
                "| %s | %s | %s | %s | %s | %s s | %.0f MiB | %.1f MB | %.3f MB |",
                name,
                figure(runs, run -> run.rate() / 1e6),
                figure(runs, run -> run.rateFromStart() / 1e6),
                figure(runs, Measurement::cpu),
                figure(runs, Measurement::cpuOfBroker),
                figure(runs, Measurement::secondsToFirstCommit),
                median(values(runs, Measurement::peakMebibytes)),
                median(values(runs, Measurement::sinkBytes)) / 1e6,
                median(values(runs, Measurement::stateBytes)) / 1e6));
        line(text, "");
        return text.toString();
    }

    private String ratio(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
        List<Measurement> bare = measurements.getOrDefault(Contender.bareLoop().name(), List.of());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(runs.size(), bare.size()); round++) {
            ratios.add(figure.applyAsDouble(runs.get(round)) / figure.applyAsDouble(bare.get(round)));
        }
        return ratios.isEmpty() ? "" : spread(ratios);
    }

    private static String figure(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
        return spread(values(runs, figure));
    }

    private static List<Double> values(List<Measurement> runs, ToDoubleFunction<Measurement> figure) {
        return runs.stream().mapToDouble(figure).boxed().toList();
    }

    private static String spread(Collection<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.size() == 1
                ? format("%.2f", sorted.get(0))
                : format("%.2f (%.2f to %.2f)", median(sorted), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(format(format, arguments)).append('\n');
    }

    private static String format(String format, Object... arguments) {
        return String.format(Locale.ROOT, format, arguments);
    }
}
