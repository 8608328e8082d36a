package io.tally.pipeline;

import io.tally.engine.WindowEngine;
import io.tally.heap.HeapBudget;

/** What tests of other packages look at in a {@link PartitionProcessor} and its policy, and nobody else may. */
public final class ProcessorView {
    public static final long BEHIND_MILLIS = PartitionProcessor.BEHIND_MILLIS;

    private ProcessorView() {}

    public static WindowEngine engine(PartitionProcessor processor) {
        return processor.engine;
    }

    /** An empty engine, as the pipeline would have it. */
    public static WindowEngine newEngine(PipelineSpec spec) {
        return spec.newEngine(HeapBudget.unlimited().open("scratch"));
    }

    /** The most entries that one transaction with so many records writes. */
    public static int maxEntries(CheckpointPolicy policy, long records) {
        return policy.maxEntries(records);
    }

    /** The most rows that leave before their window closes in such a transaction. */
    public static int maxUpdates(CheckpointPolicy policy, long records) {
        return policy.maxUpdates(records);
    }
}
