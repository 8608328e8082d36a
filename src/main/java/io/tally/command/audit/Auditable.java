package io.tally.command.audit;

import io.tally.command.frame.UsageException;
import io.tally.command.recount.Recountable;
import io.tally.command.recount.RowCounts;
import io.tally.pipeline.PipelineSpec;
import io.tally.plan.PipelineDefinition;
import io.tally.window.WindowKind;
import io.tally.window.Windowing;

/** Whether a pipeline is of a kind whose outputs a second reading can tell completely. */
final class Auditable {
    private Auditable() {}

    /** Checks of a second reading, whose refusals say that something cannot be audited. */
    static Recountable of(PipelineDefinition pipeline) {
        return new Recountable(pipeline, "audited");
    }

    /**
     * Checks a pipeline.
     *
     * @throws UsageException if its outputs do not follow from the source alone, in a way that this audit knows; the
     *     message says why
     */
    static void require(PipelineDefinition pipeline) {
        PipelineSpec spec = pipeline.spec();
        Recountable recountable = of(pipeline);
        if (pipeline.shuffle() != null && spec.window().windowing() == null) {
            if (spec.window().kind() instanceof WindowKind.Totals) {
                throw recountable.refused(
                        "it has a shuffle, behind which the beginning of a total with a ttl depends on what"
                                + " has come from other partitions, which is in no log");
            }
            if (spec.window().hasRevisions()) {
                throw recountable.refused(
                        "it has a shuffle, and its sessions may have several rows: which of them replaces"
                                + " which depends on the order in which partials met, which is in no log");
            }
        }
        if (spec.idleTimeout() != null) {
            requireIdleness(recountable, spec);
        }
        recountable.requireRows();
    }

    private static void requireIdleness(Recountable recountable, PipelineSpec spec) {
        Windowing windowing = spec.window().windowing();
        if (recountable.pipeline().shuffle() != null) {
            throw recountable.refused(
                    "it has a shuffle and an idle-timeout, so that the clock decided what the merge found" + " late");
        }
        if (windowing != null && windowing.overlaps()) {
            throw recountable.refused(
                    "its windows overlap and it has an idle-timeout, so that the clock decided for which"
                            + " of its windows a record came in time");
        }
        boolean goesByRows = windowing == null || spec.window().hasRevisions();
        if (goesByRows && spec.encoders().stream().noneMatch(rows -> RowCounts.countEach(spec, rows.get()))) {
            throw recountable.refused(
                    "it has an idle-timeout, and its rows do not count each record, so that they do not tell"
                            + " when the clock closed which window");
        }
        if (windowing == null && spec.window().hasRevisions()) {
            throw recountable.refused(
                    "its sessions or totals may have several rows and it has an idle-timeout, so that the"
                            + " clock decided which of them a record was counted in");
        }
    }

    /** The refusal of a sink from which compaction has removed rows. */
    static UsageException compacted(PipelineDefinition pipeline, String sink) {
        return of(pipeline)
                .refused("its sink " + sink
                        + " is compacted, and only the rows that this removes would tell what the next row of"
                        + " a key should be");
    }
}
