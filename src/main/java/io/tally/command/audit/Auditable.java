package io.tally.command.audit;

import io.tally.aggregate.Aggregate;
import io.tally.command.frame.UsageException;
import io.tally.engine.row.Aggregates;
import io.tally.pipeline.PipelineSpec;
import io.tally.plan.PipelineDefinition;
import io.tally.setting.Setting;
import io.tally.window.Emission;
import io.tally.window.Windowing;

/** Whether a pipeline is of a kind that a second reading tells everything about. */
final class Auditable {
    private Auditable() {}

    /**
     * Checks a pipeline.
     *
     * @return its windows
     * @throws UsageException if its outputs do not follow from the source alone, in a way that this audit knows; the
     *     message says why
     */
    static Windowing require(PipelineDefinition pipeline) {
        PipelineSpec spec = pipeline.spec();
        Windowing windowing = spec.window().windowing();
        if (windowing == null) {
            throw refused(
                    pipeline, "the borders of its sessions or totals depend on the watermark at each record of a key");
        }
        if (spec.window().emission() == Emission.UPDATES) {
            throw refused(
                    pipeline,
                    "it emits updates, and how many of them leave depends on the clock; only rows that leave once can be"
                            + " compared one by one");
        }
        if (!spec.window().allowedLateness().isZero()) {
            throw refused(
                    pipeline,
                    "it corrects rows (" + Setting.WINDOW_ALLOWED_LATENESS
                            + "), so that a window and key may have several");
        }
        if (spec.idleTimeout() != null) {
            throw refused(
                    pipeline,
                    "it has an idle-timeout, so that what is late depends on when records came, by the clock");
        }
        boolean mayRefuse = new Aggregates(spec.aggregates()).mayRefuse();
        if (mayRefuse && windowing.overlaps()) {
            throw refused(
                    pipeline,
                    "a function of yours may refuse records, and where windows overlap that depends on how the pipeline"
                            + " puts them together");
        }
        if (pipeline.shuffle() != null && spec.aggregates().stream().anyMatch(Aggregate::dependsOnOrder)) {
            throw refused(
                    pipeline,
                    "it has a shuffle and a function whose result depends on the order of records (first, last or"
                            + " collect), which is not in the logs");
        }
        for (int sink = 0; sink < pipeline.topics().sinks().size(); sink++) {
            if (spec.encoders().get(sink).get().reader() == null) {
                throw refused(
                        pipeline,
                        "the rows in " + pipeline.topics().sinks().get(sink) + " do not say their window: "
                                + Setting.SINK_TEMPLATE
                                + " needs {start} or {end}, with times that can be read back");
            }
        }
        return windowing;
    }

    static UsageException refused(PipelineDefinition pipeline, String reason) {
        return new UsageException("The pipeline " + pipeline.name() + " cannot be audited exactly: " + reason);
    }
}
