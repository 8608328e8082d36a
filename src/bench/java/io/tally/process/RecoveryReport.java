package io.tally.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Outages as Markdown: ratios of their medians first, then seconds. */
final class RecoveryReport {
    /** What a take-over may take beyond the session timeout. */
    private static final int ALLOWANCE = 2;

    private final int linesPerSecond;
    private final Scenario base;
    private final Map<String, List<Outage>> outages = new LinkedHashMap<>();

    RecoveryReport(int linesPerSecond, Scenario base) {
        this.linesPerSecond = linesPerSecond;
        this.base = base;
    }

    void add(Outage outage) {
        outages.computeIfAbsent(outage.scenario(), name -> new ArrayList<>()).add(outage);
    }

    String markdown() {
        StringBuilder text = new StringBuilder();
        line(text, "## Recovery at %,d lines/s", linesPerSecond);
        line(text, "");
        line(text, "From the SIGKILL on. Afterwards no row was missing and none there twice.");
        line(text, "");
        line(
                text,
                "| Medians | commits in all partitions, to the session timeout + %d s | to %s |",
                ALLOWANCE,
                base.name());
        line(text, "|---|---|---|");
        outages.forEach((scenario, kills) -> line(
                text,
                "| %s | %.2f | %s |",
                scenario,
                toAllPartitions(kills) / (Recovery.SESSION_TIMEOUT + ALLOWANCE),
                toBase(kills)));
        line(text, "");
        line(
                text,
                "| Seconds, median and maximum | kills | first commit, from the start of the JVM | from the kill"
                        + " | commits in all partitions | live end |");
        line(text, "|---|---|---|---|---|---|");
        outages.forEach((scenario, kills) -> line(
                text,
                "| %s | %d | %s | %s | %s | %s |",
                scenario,
                kills.size(),
                seconds(kills, Outage::restartToCommit),
                seconds(kills, Outage::toCommit),
                seconds(kills, Outage::toAllPartitions),
                seconds(kills, Outage::toLiveEnd)));
        line(text, "");
        return text.toString();
    }

    private String toBase(List<Outage> kills) {
        List<Outage> bases = outages.getOrDefault(base.name(), List.of());
        return bases.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.2f", toAllPartitions(kills) / toAllPartitions(bases));
    }

    private static double toAllPartitions(List<Outage> kills) {
        return Distribution.of(kills.stream().mapToDouble(Outage::toAllPartitions))
                .p50();
    }

    private static String seconds(List<Outage> kills, Function<Outage, @Nullable Double> figure) {
        List<Double> values =
                kills.stream().map(figure).filter(Objects::nonNull).toList();
        if (values.isEmpty()) {
            return "";
        }
        Distribution seconds = Distribution.of(values.stream().mapToDouble(Double::doubleValue));
        return String.format(Locale.ROOT, "%.1f, %.1f", seconds.p50(), seconds.max());
    }

    private static void line(StringBuilder text, String format, Object... arguments) {
        text.append(String.format(Locale.ROOT, format, arguments)).append('\n');
    }
}
