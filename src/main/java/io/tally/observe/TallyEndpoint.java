package io.tally.observe;

import io.tally.pipeline.status.Pipelines;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;

/** {@code /actuator/tally}: every pipeline of this instance, its lanes and partitions. */
@Endpoint(id = "tally")
final class TallyEndpoint {
    /** All pipelines, in an object that can get more members. */
    record Overview(List<PipelineDescription> pipelines) {}

    private final Pipelines pipelines;

    TallyEndpoint(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    @ReadOperation
    Overview all() {
        return new Overview(
                pipelines.statuses().stream().map(PipelineDescription::of).toList());
    }

    /** One pipeline; null, which becomes a 404, if there is none of that name. */
    @ReadOperation
    @Nullable
    PipelineDescription one(@Selector String pipeline) {
        return pipelines.statuses().stream()
                .filter(status -> status.name().equals(pipeline))
                .map(PipelineDescription::of)
                .findFirst()
                .orElse(null);
    }
}
