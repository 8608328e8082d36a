package io.tally.command.audit;

import io.tally.checkpoint.Ledger;
import io.tally.command.audit.Committed.PartitionView;
import io.tally.command.frame.CommandOutput;
import io.tally.engine.WindowEngine;
import io.tally.pipeline.log.LogReader;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Prints what was compared, and the differences. */
final class AuditReport {
    private final AuditPlan plan;
    private final AuditTotals totals;
    private final Differences differences;
    private final boolean showsValues;

    AuditReport(AuditPlan plan, AuditTotals totals, Differences differences, boolean showsValues) {
        this.plan = plan;
        this.totals = totals;
        this.differences = differences;
        this.showsValues = showsValues;
    }

    /** @param log tells which outputs have lost their beginning */
    void print(CommandOutput to, LogReader log) {
        List<String> notes = notes(log);
        to.json(json(notes));
        to.line("Audit of pipeline %s: %s", plan.pipeline().name(), range());
        plan.partitions().forEach((number, view) -> {
            PartitionTotals found = totals.of(number);
            Ledger ledger = found.ledger();
            to.line(
                    "  %s-%d: offsets %,d to %,d, %,d records, each in one class: counted %,d, late %,d, dead letters %,d,"
                            + " filtered %,d%s",
                    plan.pipeline().topics().source(),
                    number,
                    view.range().from(),
                    view.range().to(),
                    found.records,
                    ledger.folded(),
                    ledger.late(),
                    ledger.deadLettered(),
                    ledger.filtered(),
                    view.isWhole() ? "" : "; its ledger is not compared");
        });
        to.line("Compared");
        to.line(
                "  rows         %,15d   in %s",
                totals.rows, String.join(", ", plan.pipeline().topics().sinks()));
        to.line(
                "  late records %,15d   in %s",
                totals.late, plan.pipeline().topics().late());
        to.line(
                "  dead letters %,15d   in %s",
                totals.deadLetters, plan.pipeline().topics().deadLetter());
        to.line(
                "  ledgers      %,15d   of %,d partitions",
                plan.partitions().values().stream()
                        .filter(PartitionView::isWhole)
                        .count(),
                plan.partitions().size());
        notes.forEach(note -> to.line("  (" + note + ")"));
        to.line("");
        if (differences.total() == 0) {
            to.line("No difference.");
            return;
        }
        to.line("%,d differences", differences.total());
        differences.counts().forEach((kind, count) -> to.line("  %,10d %s", count, kind.text()));
        to.line("");
        differences.first().forEach(difference -> {
            String text = difference.text().isEmpty() ? "" : ": " + difference.text();
            to.line("%s %s%s", difference.kind(), difference.where(), text);
            if (showsValues && difference.data() != null) {
                to.line("    " + difference.data());
            }
        });
        long more = differences.total() - differences.first().size();
        if (more > 0) {
            to.line("and %,d more (--max-differences)", more);
        }
    }

    private String range() {
        String from =
                plan.from() == Long.MIN_VALUE ? "all windows" : "windows from " + Instant.ofEpochMilli(plan.from());
        long closed = plan.closedUpTo();
        String upTo =
                closed == WindowEngine.NO_WATERMARK ? "none has closed" : "closed by " + Instant.ofEpochMilli(closed);
        return plan.to() == Long.MAX_VALUE
                ? from + ", " + upTo
                : from + " to " + Instant.ofEpochMilli(plan.to()) + ", " + upTo;
    }

    private List<String> notes(LogReader log) {
        List<String> notes = new ArrayList<>();
        boolean isNothing = totals.rows + totals.late + totals.deadLetters == 0;
        if (plan.isLimited() && isNothing && differences.total() == 0) {
            notes.add("there was nothing to compare in this range: is it the right one, and had windows in it closed?");
        }
        if (totals.passes > 1) {
            notes.add("the logs were read " + totals.passes + " times, since the rows did not fit into memory at once");
        }
        if (totals.notJudged > 0) {
            notes.add(totals.notJudged + " rows in the sinks are of windows that had not closed in all partitions when"
                    + " the audit began, and were not compared");
        }
        if (totals.undecided > 0) {
            notes.add(totals.undecided
                    + (plan.hasShuffle()
                            ? " rows in the sinks have, or may have, a record that was late for them in its partition, and"
                                    + " that the merge may have counted all the same: they were not compared"
                            : " rows were not as expected, and it cannot be told whether that is a difference: their key"
                                    + " is in several partitions of the source or of a sink, or a row of it before them"
                                    + " differs, or one of several sinks is compacted"));
        }
        long silent = totals.partitions.values().stream()
                .mapToLong(found -> found.lateByIdleness)
                .sum();
        if (silent > 0) {
            notes.add(silent + " late records came after an idle-timeout had closed windows; the clock decided when"
                    + " that was, and their headers tell it");
        }
        long redriven = totals.partitions.values().stream()
                .mapToLong(found -> found.redrivenDeadLetters)
                .sum();
        if (redriven > 0) {
            notes.add(redriven
                    + " dead letters can be read by now, and redrive has counted them; their former reasons were"
                    + " not compared");
        }
        if (plan.from() != Long.MIN_VALUE) {
            notes.add("exact if no record before the offsets above has an event time of "
                    + Instant.ofEpochMilli(plan.from()) + " or later");
        }
        long byClock = totals.partitions.values().stream()
                .mapToLong(found -> found.byClock)
                .sum();
        if (byClock > 0) {
            notes.add(
                    byClock + " event times are so far ahead that the clock at the first reading decided about them; if"
                            + " they differ, that may be why");
        }
        noteUncommitted(log, notes);
        Audit.outputs(plan).forEach(topic -> noteLostBeginning(topic, log, notes));
        return notes;
    }

    private void noteUncommitted(LogReader log, List<String> notes) {
        String source = plan.pipeline().topics().source();
        int partitions = log.partitions(source);
        for (int partition = 0; partition < partitions; partition++) {
            if (!plan.partitions().containsKey(partition)
                    && log.range(source, partition).length() > 0) {
                notes.add("the pipeline has committed nothing for " + source + "-" + partition
                        + ", which has records: it was not compared");
            }
        }
    }

    private static void noteLostBeginning(String topic, LogReader log, List<String> notes) {
        int partitions = log.partitions(topic);
        if (partitions == 0) {
            notes.add("the topic " + topic + " does not exist");
        }
        for (int partition = 0; partition < partitions; partition++) {
            long begin = log.range(topic, partition).from();
            if (begin > 0) {
                notes.add(topic + "-" + partition + " begins at offset " + begin
                        + ": what was before it is deleted, and is missing here");
            }
        }
    }

    private Map<String, Object> json(List<String> notes) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("pipeline", plan.pipeline().name());
        result.put("from", time(plan.from()));
        result.put("to", time(plan.to()));
        result.put("closedUpTo", time(plan.closedUpTo()));
        Map<String, Object> partitions = new LinkedHashMap<>();
        plan.partitions().forEach((number, view) -> {
            PartitionTotals found = totals.of(number);
            Map<String, Object> partition = new LinkedHashMap<>();
            partition.put("from", view.range().from());
            partition.put("to", view.range().to());
            partition.put("records", found.records);
            partition.put("recounted", found.ledger());
            partition.put("committed", view.metadata().ledger());
            partition.put("ledgerCompared", view.isWhole());
            partitions.put(number.toString(), partition);
        });
        result.put("partitions", partitions);
        result.put("rows", totals.rows);
        result.put("lateRecords", totals.late);
        result.put("deadLetters", totals.deadLetters);
        result.put("rowsNotJudged", totals.notJudged);
        result.put("rowsUndecided", totals.undecided);
        result.put("readings", totals.passes);
        result.put("notes", notes);
        result.put("differences", differences.total());
        result.put("byKind", differences.counts());
        result.put("first", differences.first().stream().map(this::json).toList());
        return result;
    }

    private Map<String, Object> json(Difference difference) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("kind", difference.kind());
        result.put("where", difference.where());
        result.put("text", difference.text());
        if (showsValues && difference.data() != null) {
            result.put("data", difference.data());
        }
        return result;
    }

    private static @Nullable String time(long time) {
        return time == Long.MIN_VALUE || time == Long.MAX_VALUE
                ? null
                : Instant.ofEpochMilli(time).toString();
    }
}
