package io.tally.command.audit;

import io.tally.command.frame.UsageException;
import io.tally.command.recount.Recountable;
import io.tally.pipeline.PipelineSpec;
import io.tally.plan.PipelineDefinition;
import io.tally.setting.Setting;
import io.tally.window.Emission;
import io.tally.window.Windowing;

/** Whether a pipeline is of a kind that a second reading tells everything about. */
final class Auditable {
    private Auditable() {}

    /** Words for what cannot be audited. */
    static Recountable of(PipelineDefinition pipeline) {
        return new Recountable(pipeline, "audited");
    }

    /**
     * Checks a pipeline.
     *
     * @return its windows
     * @throws UsageException if its outputs do not follow from the source alone, in a way that this audit knows; the
     *     message says why
     */
    static Windowing require(PipelineDefinition pipeline) {
        PipelineSpec spec = pipeline.spec();
        Recountable recountable = of(pipeline);
        if (spec.window().windowing() != null) {
            if (spec.window().emission() == Emission.UPDATES) {
                throw recountable.refused("it emits updates, and how many of them leave depends on the clock; only rows"
                        + " that leave once can be compared one by one");
            }
            if (!spec.window().allowedLateness().isZero()) {
                throw recountable.refused("it corrects rows (" + Setting.WINDOW_ALLOWED_LATENESS
                        + "), so that a window and key may have several");
            }
            if (spec.idleTimeout() != null) {
                throw recountable.refused(
                        "it has an idle-timeout, so that what is late depends on when records came, by the clock");
            }
        }
        return recountable.require();
    }

    /** Rows of it were corrected. */
    static UsageException redriven(PipelineDefinition pipeline) {
        return of(pipeline)
                .refused(
                        "redrive has corrected rows of it, so that a window and key may have several. Redrive has compared"
                                + " each of them with the source before, and explain says of a row how it came about");
    }
}
