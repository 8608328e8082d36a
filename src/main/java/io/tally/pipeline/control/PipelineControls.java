package io.tally.pipeline.control;

import org.jspecify.annotations.Nullable;

/** Finds what may be asked of the pipelines of this instance. Safe from any thread. */
public interface PipelineControls {
    /** The pipeline or stage of that name, as in log and metrics; null if there is none here. */
    @Nullable
    PipelineControl of(String pipeline);
}
