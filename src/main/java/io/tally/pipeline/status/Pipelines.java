package io.tally.pipeline.status;

import java.util.List;

/** Read-only view of every pipeline of this instance, for health, metrics and the endpoint. Safe from any thread. */
public interface Pipelines {
    List<PipelineStatus> statuses();
}
