package io.tally.campaign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a campaign did and found, for people; also one line for each fault in a file that can be added up. */
final class Report {
    private static final double NANOS = 1e9;

    private final Path file;
    private final Map<FaultKind, List<Double>> recoveries = new EnumMap<>(FaultKind.class);
    private final Map<FaultKind, Integer> struck = new EnumMap<>(FaultKind.class);
    private final Map<FaultKind, Integer> missed = new EnumMap<>(FaultKind.class);
    private final long begin = System.nanoTime();
    private int rounds;
    private long records;
    private long rows;
    private long wrongRows;
    private long commits;
    private int mutations;

    Report(Path file) {
        this.file = file;
        try {
            Files.createDirectories(file.getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void line(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        System.out.printf(Locale.ROOT, "campaign: %5.0f s: %s%n", (System.nanoTime() - begin) / NANOS, text);
        try {
            Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void round(RoundPlan plan, int brokers) {
        rounds++;
        line("round seed=%d brokers=%d %s", plan.seed(), brokers, plan);
    }

    void missed(FaultKind kind) {
        missed.merge(kind, 1, Integer::sum);
        line("missed %s", kind);
    }

    /** The next fault came before the rows. */
    void overlapped(FaultKind kind) {
        struck.merge(kind, 1, Integer::sum);
        line("fault %s overlapped", kind);
    }

    void recovered(FaultKind kind, Struck when, long rowsAt, long pause) {
        struck.merge(kind, 1, Integer::sum);
        double sinceStruck = (rowsAt - when.at()) / NANOS;
        double sinceOver = Math.max(0, (rowsAt - when.over()) / NANOS);
        recoveries.computeIfAbsent(kind, any -> new ArrayList<>()).add(pause / NANOS);
        line("fault %s struck=%.1f over=%.1f pause=%.1f", kind, sinceStruck, sinceOver, pause / NANOS);
    }

    /** What the recount of a round compared. */
    void checked(long sourceRecords, long sinkRows, long wrong, int numberOfCommits, int redMutations) {
        records += sourceRecords;
        rows += sinkRows;
        wrongRows += wrong;
        commits += numberOfCommits;
        mutations += redMutations;
        line(
                "checked records=%d rows=%d wrong=%d commits=%d mutations=%d",
                sourceRecords, sinkRows, wrong, numberOfCommits, redMutations);
    }

    int faults() {
        return struck.values().stream().mapToInt(Integer::intValue).sum();
    }

    void summary() {
        line(
                "%d rounds, %d faults, %d records, %d rows, %d wrong rows, %d commits followed, %d mutations red",
                rounds, faults(), records, rows, wrongRows, commits, mutations);
        struck.forEach((kind, count) -> {
            List<Double> times =
                    recoveries.getOrDefault(kind, List.of()).stream().sorted().toList();
            line(
                    "  %-28s %3d times%s",
                    kind,
                    count,
                    times.isEmpty()
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    ", longest pause of a sink partition %.1f s (median), at most %.1f s",
                                    times.get(times.size() / 2),
                                    times.get(times.size() - 1)));
        });
        if (!missed.isEmpty()) {
            line("  no occasion: %s", missed);
        }
    }
}
