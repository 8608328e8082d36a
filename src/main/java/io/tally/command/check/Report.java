package io.tally.command.check;

import io.tally.command.frame.CommandOutput;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.Finding.Severity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints findings, the worst ones first. */
final class Report {
    private final PipelineDefinition pipeline;
    private final List<Finding> findings;

    Report(PipelineDefinition pipeline, List<Finding> findings) {
        this.pipeline = pipeline;
        this.findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity).reversed())
                .toList();
    }

    /** @param onlyProblems whether what is in order is left out */
    void print(CommandOutput to, boolean onlyProblems) {
        List<Finding> shown = findings.stream()
                .filter(finding -> !onlyProblems || finding.severity() != Severity.OK)
                .toList();
        to.json(json(shown));
        for (Finding finding : shown) {
            to.line("%-8s %-20s %s: %s", word(finding.severity()), finding.what(), finding.where(), finding.text());
            if (!finding.remedy().isEmpty()) {
                to.line("%-8s %-20s %s", "", "  fix:", finding.remedy());
            }
        }
        to.line("");
        to.line(
                "Pipeline %s: %s, %s, %d in order",
                pipeline.name(), counted(Severity.ERROR), counted(Severity.WARNING), count(Severity.OK));
    }

    private Map<String, Object> json(List<Finding> shown) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("pipeline", pipeline.name());
        result.put("errors", count(Severity.ERROR));
        result.put("warnings", count(Severity.WARNING));
        List<Map<String, Object>> list = new ArrayList<>();
        for (Finding finding : shown) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("severity", word(finding.severity()));
            one.put("what", finding.what());
            one.put("where", finding.where());
            one.put("text", finding.text());
            one.put("fix", finding.fix());
            list.add(one);
        }
        result.put("findings", list);
        return result;
    }

    private String counted(Severity severity) {
        long count = count(severity);
        return count + " " + word(severity) + (count == 1 ? "" : "s");
    }

    private long count(Severity severity) {
        return findings.stream()
                .filter(finding -> finding.severity() == severity)
                .count();
    }

    private static String word(Severity severity) {
        return severity.name().toLowerCase(Locale.ROOT);
    }
}
