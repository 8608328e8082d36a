package io.tally.command.redrive;

import io.tally.command.frame.UsageException;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.SecondReading;
import io.tally.pipeline.PipelineSpec;
import io.tally.plan.PipelineDefinition;
import io.tally.window.Windowing;

/** Whether rows of a pipeline can be corrected exactly. */
final class Redrivable {
    private Redrivable() {}

    static Recountable of(PipelineDefinition pipeline) {
        return new Recountable(pipeline, "re-driven");
    }

    /**
     * Checks that.
     *
     * @param overwrites whether readers let a later row of a window and key take the place of an earlier one, though
     *     rows have no revision
     * @return the pipeline's windows
     * @throws UsageException if it cannot be done; the message says why
     */
    static Windowing require(PipelineDefinition pipeline, boolean overwrites) {
        Recountable recountable = of(pipeline);
        Windowing windowing = recountable.require();
        PipelineSpec spec = pipeline.spec();
        if (pipeline.shuffle() != null) {
            throw recountable.refused(
                    "it has a shuffle, whose merge decides what is late by an order of partials that is"
                            + " not in the source");
        }
        if (SecondReading.needsHeaders(spec)) {
            throw recountable.refused(
                    "what a line means depends on a header somewhere before it, which a late record or"
                            + " dead letter does not have with it");
        }
        if (SecondReading.dependsOnOthers(spec)) {
            throw recountable.refused("its times are local times of a zone whose clocks go back, and"
                    + " timestamp.ambiguous-time is in-order, so that they depend on the records before");
        }
        if (spec.idleTimeout() != null && windowing.overlaps()) {
            throw recountable.refused("its windows overlap and it has an idle-timeout, so that the clock decided for"
                    + " which of its windows a record came in time");
        }
        if (!spec.window().hasRevisions() && !overwrites) {
            throw new UsageException("The rows of the pipeline " + pipeline.name() + " have no revision, since each"
                    + " leaves once: a reader that adds up rows would count a corrected row besides the one that it"
                    + " corrects. If all readers keep the last row of each window and key, say so with --overwrite");
        }
        return windowing;
    }
}
