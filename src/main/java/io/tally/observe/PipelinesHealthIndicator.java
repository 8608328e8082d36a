package io.tally.observe;

import io.tally.pipeline.status.HealthRules;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether every pipeline does its work here. It is part of readiness: down with the reasons while one does not, see
 * {@link HealthRules}, and out of service while partitions are being restored, so that a rolling update waits for them,
 * or while an operator has paused it.
 */
final class PipelinesHealthIndicator extends AbstractHealthIndicator {
    private final Pipelines pipelines;
    private final Clock clock;

    PipelinesHealthIndicator(Pipelines pipelines, Clock clock) {
        super("The state of the pipelines could not be read");
        this.pipelines = pipelines;
        this.clock = clock;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (PipelineStatus pipeline : pipelines.statuses()) {
            List<String> problems = HealthRules.problems(pipeline, clock.instant());
            List<String> restoring = HealthRules.restoring(pipeline);
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("phase", pipeline.phase());
            if (!problems.isEmpty()) {
                details.put("problems", problems);
                health.down();
            }
            List<String> uncounted = HealthRules.uncounted(pipeline);
            if (!uncounted.isEmpty()) {
                details.put("uncounted", uncounted);
            }
            if (!pipeline.findings().isEmpty()) {
                details.put("findings", pipeline.findings());
            }
            if (!restoring.isEmpty()) {
                details.put("restoring", restoring);
            }
            String paused = HealthRules.paused(pipeline);
            if (paused != null) {
                details.put("paused", paused);
            }
            boolean isWaiting = !restoring.isEmpty() || paused != null;
            if (isWaiting && health.build().getStatus().equals(Status.UP)) {
                health.outOfService();
            }
            health.withDetail(pipeline.name(), details);
        }
    }
}
