package io.tally.command.dryrun;

import io.tally.checkpoint.Ledger;
import io.tally.command.frame.CommandOutput;
import io.tally.config.Durations;
import io.tally.pipeline.log.OffsetRange;
import io.tally.plan.PipelineDefinition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** Prints what a dry run has found, for people or as JSON. */
final class Report {
    private final PipelineDefinition pipeline;
    private final SortedMap<Integer, OffsetRange> ranges;
    private final Findings findings;
    private final Advice advice;
    private final boolean showsValues;

    Report(
            PipelineDefinition pipeline,
            SortedMap<Integer, OffsetRange> ranges,
            Findings findings,
            Advice advice,
            boolean showsValues) {
        this.pipeline = pipeline;
        this.ranges = ranges;
        this.findings = findings;
        this.advice = advice;
        this.showsValues = showsValues;
    }

    void print(CommandOutput to) {
        to.json(json());
        Ledger ledger = findings.ledger;
        to.line(
                "Dry run of pipeline %s over %s",
                pipeline.name(), pipeline.topics().source());
        ranges.forEach((partition, range) ->
                to.line("  partition %d: offsets %,d to %,d", partition, range.from(), range.to()));
        if (findings.firstTime <= findings.lastTime) {
            to.line(
                    "  event times %s to %s, %,.1f events a second",
                    Instant.ofEpochMilli(findings.firstTime), Instant.ofEpochMilli(findings.lastTime), advice.rate());
        }
        to.line("");
        to.line("events        %,15d   %,.0f a second, %s", ledger.total(), speed(), bytes(findings.bytes));
        to.line("  counted     %,15d   %s", ledger.folded(), share(ledger.folded()));
        to.line("  late        %,15d   %s", ledger.late(), share(ledger.late()));
        to.line("  dead letters%,15d   %s", ledger.deadLettered(), share(ledger.deadLettered()));
        findings.deadLetters.forEach((reason, found) -> {
            to.line("    %-22s %,d", reason, found.count);
            found.samples.forEach(sample -> to.line(
                    "      %s-%d@%d%s",
                    pipeline.topics().source(),
                    sample.partition(),
                    sample.offset(),
                    showsValues ? ": " + sample.detail() + "; the value is " + sample.value() : ""));
        });
        to.line("  filtered    %,15d   %s", ledger.filtered(), share(ledger.filtered()));
        to.line("missing values%,15d", ledger.missing());
        to.line("");
        printGraces(to);
        printRows(to);
        to.line("how far behind the highest event time of the partition:");
        findings.disorder.forEach((partition, disorder) ->
                to.line("  partition %d: %s; at most %,d ms", partition, disorder.counts(), disorder.most()));
        to.line("");
        findings.stops.forEach(stop -> to.line(
                "STOPPED at %s-%d@%d: %s", pipeline.topics().source(), stop.partition(), stop.offset(), stop.why()));
        to.line("Advice");
        advice.sentences().forEach(sentence -> to.line("  " + sentence));
        notes().forEach(note -> to.line("  (" + note + ")"));
    }

    private void printGraces(CommandOutput to) {
        if (pipeline.spec().window().windowing() == null) {
            return;
        }
        to.line("late under a grace of");
        for (int i = 0; i < findings.graces.size(); i++) {
            to.line(
                    "  %-10s %,15d   %s",
                    Durations.print(findings.graces.get(i)),
                    findings.late[i],
                    percent(findings.late[i] / (double) Math.max(1, findings.countable())));
        }
        to.line("");
    }

    private void printRows(CommandOutput to) {
        long[] rows = findings.rowsPerWindow();
        to.line(
                "rows          %,15d   %s, without those of windows that are still open",
                findings.rows, bytes(findings.rowBytes));
        if (rows.length > 0) {
            to.line(
                    "  per window  %,15d   at least %,d, median %,d, at most %,d (windows%s)",
                    rows.length,
                    rows[0],
                    rows[rows.length / 2],
                    rows[rows.length - 1],
                    findings.windowsLeftOut ? " at the beginning; there are more" : "");
        }
        to.line("distinct keys %,15d   %s", findings.keys.count(), findings.keys.isExact() ? "exactly" : "about");
        to.line("open windows  %,15d   entries at most, %s of heap", findings.openEntries, bytes(findings.openBytes));
        to.line(
                "state topic   %,15d   records, %s, with checkpoint.interval %s",
                findings.stateRecords,
                bytes(findings.stateBytes),
                Durations.print(pipeline.spec().checkpoint().interval()));
        to.line("");
    }

    private List<String> notes() {
        List<String> notes = new ArrayList<>();
        if (pipeline.shuffle() != null) {
            notes.add("with a shuffle, a key that is in several partitions has one row for all of them; here it has one"
                    + " for each");
        }
        if (ranges.values().stream().anyMatch(range -> range.from() > 0)) {
            notes.add("the first windows lack what is before the range");
        }
        return notes;
    }

    private Map<String, Object> json() {
        Map<String, Object> result = new LinkedHashMap<>();
        Ledger ledger = findings.ledger;
        result.put("pipeline", pipeline.name());
        result.put("source", pipeline.topics().source());
        result.put("partitions", ranges);
        boolean hasTimes = findings.firstTime <= findings.lastTime;
        result.put(
                "firstEventTime",
                hasTimes ? Instant.ofEpochMilli(findings.firstTime).toString() : null);
        result.put(
                "lastEventTime",
                hasTimes ? Instant.ofEpochMilli(findings.lastTime).toString() : null);
        result.put("events", ledger.total());
        result.put("eventsPerSecond", Math.round(speed()));
        result.put("bytes", findings.bytes);
        result.put("counted", ledger.folded());
        result.put("late", ledger.late());
        result.put("filtered", ledger.filtered());
        result.put("deadLettered", ledger.deadLettered());
        result.put("missingValues", ledger.missing());
        Map<String, Object> reasons = new LinkedHashMap<>();
        findings.deadLetters.forEach((reason, found) -> reasons.put(reason.name(), reason(found)));
        result.put("deadLetters", reasons);
        Map<String, Object> graces = new LinkedHashMap<>();
        if (pipeline.spec().window().windowing() != null) {
            for (int i = 0; i < findings.graces.size(); i++) {
                graces.put(Durations.print(findings.graces.get(i)), findings.late[i]);
            }
        }
        result.put("lateUnderGrace", graces);
        long[] rows = findings.rowsPerWindow();
        result.put("rows", findings.rows);
        result.put("rowBytes", findings.rowBytes);
        result.put("windows", rows.length);
        if (rows.length > 0) {
            result.put(
                    "rowsPerWindow",
                    Map.of("min", rows[0], "median", rows[rows.length / 2], "max", rows[rows.length - 1]));
        }
        result.put("distinctKeys", findings.keys.count());
        result.put("distinctKeysAreExact", findings.keys.isExact());
        result.put("openEntries", findings.openEntries);
        result.put("openBytes", findings.openBytes);
        result.put("stateRecords", findings.stateRecords);
        result.put("stateBytes", findings.stateBytes);
        Map<String, Object> disorder = new LinkedHashMap<>();
        findings.disorder.forEach((partition, found) ->
                disorder.put(partition.toString(), Map.of("behind", found.counts(), "mostMillis", found.most())));
        result.put("disorder", disorder);
        result.put("stopped", findings.stops);
        result.put("advice", advice.sentences());
        result.put("notes", notes());
        return result;
    }

    private Map<String, Object> reason(Findings.Reason found) {
        return Map.of(
                "count",
                found.count,
                "samples",
                found.samples.stream()
                        .map(sample -> showsValues
                                ? sample
                                : Map.of("partition", sample.partition(), "offset", sample.offset()))
                        .toList());
    }

    private double speed() {
        return findings.ledger.total() / Math.max(1e-9, findings.took / 1e9);
    }

    private String share(long events) {
        return percent(events / (double) Math.max(1, findings.ledger.total()));
    }

    static String percent(double share) {
        double percent = 100 * share;
        return String.format(Locale.ROOT, percent > 0 && percent < 0.1 ? "%.4f %%" : "%.2f %%", percent);
    }

    static String bytes(long bytes) {
        String[] units = {"bytes", "kB", "MB", "GB", "TB"};
        double value = bytes;
        int unit = 0;
        while (value >= 1_000 && unit < units.length - 1) {
            value /= 1_000;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f %s" : "%.1f %s", value, units[unit]);
    }
}
