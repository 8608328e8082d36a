package io.tally.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.tally.pipeline.status.PartitionPhase;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.util.Locale;

/** How many partitions of each pipeline are in each phase here. Alert on {@code refused}. */
final class PartitionPhaseMeters implements MeterBinder {
    private final Pipelines pipelines;

    PartitionPhaseMeters(Pipelines pipelines) {
        this.pipelines = pipelines;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        for (PipelineStatus pipeline : pipelines.statuses()) {
            for (PartitionPhase phase : PartitionPhase.values()) {
                Gauge.builder(MeterNames.PARTITIONS, () -> count(pipeline.name(), phase))
                        .baseUnit("partitions")
                        .description("Partitions that this instance owns, by phase")
                        .tag(MeterNames.PIPELINE, pipeline.name())
                        .tag(MeterNames.PHASE, phase.name().toLowerCase(Locale.ROOT))
                        .register(registry);
            }
        }
    }

    private long count(String pipeline, PartitionPhase phase) {
        return pipelines.statuses().stream()
                .filter(status -> status.name().equals(pipeline))
                .flatMap(status -> status.lanes().stream())
                .flatMap(lane -> lane.partitions().stream())
                .filter(partition -> partition.phase() == phase)
                .count();
    }
}
