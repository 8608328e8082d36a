package io.tally.config;

import io.tally.config.problem.Problems;
import io.tally.config.property.PipelineProperties;
import io.tally.config.property.TallyProperties;
import io.tally.plan.PipelineDefinition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/** The enabled pipelines in the order of their configuration, at least one. */
public record PipelineDefinitions(List<PipelineDefinition> enabled) implements Iterable<PipelineDefinition> {
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,98}[a-z0-9])?");

    public PipelineDefinitions {
        enabled = List.copyOf(enabled);
    }

    /**
     * Turns the properties into definitions. Pipelines that are not enabled are not looked at.
     *
     * @param customs the functions that the application brings
     * @param problems collects what is wrong; if there is anything, the result is incomplete and must not be used
     */
    static PipelineDefinitions read(TallyProperties properties, CustomFunctions customs, Problems problems) {
        return read(properties, customs, Runtime.getRuntime().maxMemory(), problems);
    }

    /** @param heapBytes the largest heap of this process, in bytes */
    static PipelineDefinitions read(
            TallyProperties properties, CustomFunctions customs, long heapBytes, Problems problems) {
        HeapShares shares = HeapShares.of(properties.pipelines(), heapBytes, problems);
        List<PipelineDefinition> definitions = new ArrayList<>();
        SharedNames names = new SharedNames();
        properties.pipelines().forEach((name, pipeline) -> {
            Problems here = problems.under("tally.pipelines." + name);
            if (!NAME.matcher(name).matches()) {
                problems.add(
                        "tally.pipelines." + name,
                        null,
                        "is not a good name for a pipeline: lower-case letters, digits and hyphens within, at most 100"
                                + " characters",
                        "page-views");
            } else if (pipeline.enabled()) {
                new PipelineReader(name, pipeline, customs, shares.of(name, pipeline), here)
                        .read(names)
                        .ifPresent(definitions::add);
            }
        });
        if (properties.pipelines().values().stream().noneMatch(PipelineProperties::enabled)) {
            problems.add("tally.pipelines", null, "has no enabled pipeline", "the one of the packaged application.yml");
        }
        return new PipelineDefinitions(definitions);
    }

    @Override
    public Iterator<PipelineDefinition> iterator() {
        return enabled.iterator();
    }
}
