package io.tally.command.frame;

import io.tally.plan.PipelineDefinition;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What a command is given: its arguments, the application's configuration, the broker's logs, and where its result
 * goes.
 *
 * @param pipelines the enabled ones, at least one
 * @param access the way to the clusters of the pipelines
 * @param now when the command began
 */
public record CommandInput(
        Arguments arguments,
        List<PipelineDefinition> pipelines,
        PipelineAccess access,
        CommandOutput output,
        Instant now) {
    public CommandInput {
        pipelines = List.copyOf(pipelines);
    }

    /**
     * The pipeline that the arguments name, or the only one.
     *
     * @throws UsageException if there is no such pipeline, or several and none is named
     */
    public PipelineDefinition pipeline() {
        String name = arguments.text("pipeline");
        String known = pipelines.stream().map(PipelineDefinition::name).collect(Collectors.joining(", "));
        if (name == null) {
            if (pipelines.size() > 1) {
                throw new UsageException(
                        "Several pipelines are enabled: " + known + ". Choose one with --pipeline=NAME");
            }
            return pipelines.get(0);
        }
        return pipelines.stream()
                .filter(pipeline -> pipeline.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new UsageException(
                        "There is no enabled pipeline '" + name + "'. The enabled ones are: " + known));
    }
}
