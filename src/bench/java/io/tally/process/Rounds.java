package io.tally.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToDoubleFunction;

/** Results by system, one for each round, and their figures as text: the median, and how far they spread. */
final class Rounds<T> {
    private final Map<String, List<T>> results = new LinkedHashMap<>();

    void add(String system, T result) {
        results.computeIfAbsent(system, name -> new ArrayList<>()).add(result);
    }

    void forEach(BiConsumer<String, List<T>> action) {
        results.forEach(action);
    }

    /** A figure to that of another system in the same round; empty if that one was not measured. */
    String ratio(List<T> runs, Contender base, ToDoubleFunction<T> figure) {
        List<T> bases = results.getOrDefault(base.name(), List.of());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(runs.size(), bases.size()); round++) {
            ratios.add(figure.applyAsDouble(runs.get(round)) / figure.applyAsDouble(bases.get(round)));
        }
        return ratios.isEmpty() ? "" : spread(ratios);
    }

    static <T> String figure(List<T> runs, ToDoubleFunction<T> figure) {
        return spread(runs.stream().mapToDouble(figure).boxed().toList());
    }

    static <T> double median(List<T> runs, ToDoubleFunction<T> figure) {
        return median(runs.stream().mapToDouble(figure).boxed().toList());
    }

    private static String spread(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.size() == 1
                ? String.format(Locale.ROOT, "%.2f", sorted.get(0))
                : String.format(
                        Locale.ROOT,
                        "%.2f (%.2f to %.2f)",
                        median(sorted),
                        sorted.get(0),
                        sorted.get(sorted.size() - 1));
    }

    private static double median(List<Double> values) {
        List<Double> sorted = values.stream().sorted().toList();
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
