package io.tally.pipeline.partition;

import io.tally.engine.WindowEngine;
import io.tally.heap.HeapBudget;
import io.tally.pipeline.PipelineSpec;

/** What tests of other packages look at in a {@link PartitionProcessor}, and nobody else may. */
public final class ProcessorView {
    public static final long BEHIND_MILLIS = ReadProgress.BEHIND_MILLIS;

    private ProcessorView() {}

    public static WindowEngine engine(PartitionProcessor processor) {
        return processor.engine;
    }

    /** An empty engine, as the pipeline would have it. */
    public static WindowEngine newEngine(PipelineSpec spec) {
        return spec.newEngine(HeapBudget.unlimited().open("scratch"));
    }
}
