package io.tally.observe;

import io.tally.pipeline.status.HealthRules;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.time.Clock;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether every thread of the pipelines is alive. It is part of liveness, so it is down only for what a restart heals:
 * a thread that died (of an {@code OutOfMemoryError}, for example) or hangs. See {@link HealthRules}.
 */
final class LanesHealthIndicator extends AbstractHealthIndicator {
    private final Pipelines pipelines;
    private final Clock clock;

    LanesHealthIndicator(Pipelines pipelines, Clock clock) {
        super("The state of the lanes could not be read");
        this.pipelines = pipelines;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (PipelineStatus pipeline : pipelines.statuses()) {
            HealthRules.dead(pipeline, clock.instant())
                    .forEach((thread, what) -> health.down().withDetail(thread, what));
        }
    }
}
