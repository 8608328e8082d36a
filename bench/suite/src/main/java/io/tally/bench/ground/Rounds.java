package io.tally.bench.ground;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** Results by system, one for each round, and their figures as text: the median, and how far they spread. */
public final class Rounds<T> {
    private final Map<String, List<T>> results = new LinkedHashMap<>();

    public void add(String system, T result) {
        results.computeIfAbsent(system, name -> new ArrayList<>()).add(result);
    }

    /** In the order in which they ran first. */
    public Set<String> systems() {
        return results.keySet();
    }

    /** A figure of one system to that of another in the same round; empty if one of them did not run. */
    public String ratio(String system, String base, ToDoubleFunction<T> figure) {
        List<Double> figures = values(system, figure);
        List<Double> bases = values(base, figure);
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < Math.min(figures.size(), bases.size()); round++) {
            ratios.add(figures.get(round) / bases.get(round));
        }
        return spread(ratios);
    }

    /** A figure over all rounds in which it is a number; empty if there are none. */
    public String figure(String system, ToDoubleFunction<T> figure) {
        return spread(
                values(system, figure).stream().filter(value -> !value.isNaN()).toList());
    }

    /** The median of a figure, infinite if the system did not run. */
    public double median(String system, ToDoubleFunction<T> figure) {
        List<Double> values = values(system, figure);
        return values.isEmpty()
                ? Double.POSITIVE_INFINITY
                : median(values.stream().sorted().toList());
    }

    /** A row of such figures for each system. */
    @SafeVarargs
    @SuppressWarnings("varargs") // it is only passed on
    public final void figures(Markdown table, ToDoubleFunction<T>... figures) {
        rows(table, figures, this::figure);
    }

    /** A row of such ratios for each system. */
    @SafeVarargs
    @SuppressWarnings("varargs") // it is only passed on
    public final void ratios(Markdown table, String base, ToDoubleFunction<T>... figures) {
        rows(table, figures, (system, figure) -> ratio(system, base, figure));
    }

    private void rows(
            Markdown table, ToDoubleFunction<T>[] figures, BiFunction<String, ToDoubleFunction<T>, String> cell) {
        for (String system : systems()) {
            table.row(Stream.concat(Stream.of(system), Arrays.stream(figures).map(figure -> cell.apply(system, figure)))
                    .toArray());
        }
    }

    private List<Double> values(String system, ToDoubleFunction<T> figure) {
        return results.getOrDefault(system, List.of()).stream()
                .mapToDouble(figure)
                .boxed()
                .toList();
    }

    private static String spread(List<Double> values) {
        if (values.isEmpty()) {
            return "";
        }
        List<Double> sorted = values.stream().sorted().toList();
        return sorted.size() == 1
                ? Markdown.format("%.2f", sorted.get(0))
                : Markdown.format("%.2f (%.2f to %.2f)", median(sorted), sorted.get(0), sorted.get(sorted.size() - 1));
    }

    private static double median(List<Double> sorted) {
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }
}
