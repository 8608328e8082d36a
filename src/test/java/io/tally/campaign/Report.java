package io.tally.campaign;

import io.tally.campaign.FaultKind.Group;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What campaigns did and found: a line for each fault in a file. The summary adds up those of rounds that came to their
 * recount. Several campaigns may write to one file, one after the other.
 */
final class Report {
    private static final double NANOS = 1e9;
    private static final Pattern FAULT =
            Pattern.compile("round (\\d+) fault (\\w+) (?:overlapped|struck=[\\d.]+ over=([\\d.]+) pause=([\\d.]+))");
    private static final Pattern BEGIN = Pattern.compile("round (\\d+) seed=");
    private static final Pattern CHECKED = Pattern.compile(
            "round (\\d+) checked records=(\\d+) rows=(\\d+) wrong=(\\d+) commits=(\\d+)(?: state=(\\d+))? mutations=(\\d+) findings=(\\d+)");

    private final Path file;
    private final long begin = System.nanoTime();
    private int faults;

    Report(Path file) {
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private synchronized void line(String format, Object... values) {
        String text = String.format(Locale.ROOT, format, values);
        System.out.printf(Locale.ROOT, "campaign: %5.0f s: %s%n", (System.nanoTime() - begin) / NANOS, text);
        try {
            Files.writeString(file, text + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void round(int number, RoundPlan plan, int brokers) {
        line("round %d seed=%d brokers=%d %s", number, plan.seed(), brokers, plan);
    }

    void missed(int round, FaultKind kind) {
        line("round %d missed %s", round, kind);
    }

    /** The next fault came before the rows. */
    void overlapped(int round, FaultKind kind) {
        struck();
        line("round %d fault %s overlapped", round, kind);
    }

    void recovered(int round, FaultKind kind, Struck when, long rowsAt, long pause) {
        struck();
        double sinceStruck = (rowsAt - when.at()) / NANOS;
        double sinceOver = Math.max(0, (rowsAt - when.over()) / NANOS);
        line("round %d fault %s struck=%.1f over=%.1f pause=%.1f", round, kind, sinceStruck, sinceOver, pause / NANOS);
    }

    private synchronized void struck() {
        faults++;
    }

    /** What an instance took of its host, when it began and after all faults. */
    void resources(int round, String instance, Resources begin, Resources end) {
        line("round %d instance %s: %s, in the end %s", round, instance, begin, end);
    }

    /** What the recount of a round compared. */
    void checked(
            int round, long records, long rows, long wrong, int commits, int state, int redMutations, int findings) {
        line(
                "round %d checked records=%d rows=%d wrong=%d commits=%d state=%d mutations=%d findings=%d",
                round, records, rows, wrong, commits, state, redMutations, findings);
    }

    /** How many faults this campaign had. */
    synchronized int faults() {
        return faults;
    }

    /** Of all rounds in the file that came to their recount, as the tables of docs/reliability.md. */
    void summary() {
        Map<Group, Integer> times = new EnumMap<>(Group.class);
        Map<Group, List<Double>> pauses = new EnumMap<>(Group.class);
        Map<Group, List<Double>> afterwards = new EnumMap<>(Group.class);
        long[] sums = new long[8];
        Map<String, List<MatchResult>> rounds = new HashMap<>();
        for (String text : lines()) {
            Matcher begin = BEGIN.matcher(text);
            Matcher fault = FAULT.matcher(text);
            Matcher checked = CHECKED.matcher(text);
            if (begin.find()) {
                rounds.put(begin.group(1), new ArrayList<>());
            } else if (fault.find()) {
                rounds.get(fault.group(1)).add(fault.toMatchResult());
            } else if (checked.find()) {
                sums[0]++;
                for (int i = 1; i < sums.length; i++) {
                    // Former lines have no number of state records.
                    String number = checked.group(i + 1);
                    sums[i] += number == null ? 0 : Long.parseLong(number);
                }
                rounds.remove(checked.group(1)).forEach(found -> {
                    Group group = FaultKind.valueOf(found.group(2)).group();
                    times.merge(group, 1, Integer::sum);
                    if (found.group(4) != null) {
                        afterwards
                                .computeIfAbsent(group, any -> new ArrayList<>())
                                .add(Double.valueOf(found.group(3)));
                        pauses.computeIfAbsent(group, any -> new ArrayList<>()).add(Double.valueOf(found.group(4)));
                    }
                });
            }
        }
        System.out.printf(
                "| Rounds | Faults | Records | Rows | Wrong rows | Commits | State records | Mutations, all red | Findings |%n"
                        + "|---|---|---|---|---|---|---|---|---|%n| %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d | %,d |%n%n",
                sums[0],
                times.values().stream().mapToInt(Integer::intValue).sum(),
                sums[1],
                sums[2],
                sums[3],
                sums[4],
                sums[5],
                sums[6],
                sums[7]);
        System.out.println("| Fault | Times | Of these measured | Median | p99 | Longest | Median after it was over |");
        System.out.println("|---|---|---|---|---|---|---|");
        times.forEach((group, count) -> {
            List<Double> sorted =
                    pauses.getOrDefault(group, List.of()).stream().sorted().toList();
            List<Double> after =
                    afterwards.getOrDefault(group, List.of()).stream().sorted().toList();
            System.out.printf(
                    "| %s | %d | %d | %s | %s | %s | %s |%n",
                    group,
                    count,
                    sorted.size(),
                    at(sorted, 0.5),
                    // Of fewer it is the longest.
                    sorted.size() < 100 ? "" : at(sorted, 0.99),
                    at(sorted, 1),
                    at(after, 0.5));
        });
    }

    private synchronized List<String> lines() {
        try {
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String at(List<Double> sorted, double part) {
        return sorted.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "%.1f s", sorted.get((int) Math.round((sorted.size() - 1) * part)));
    }
}
