package io.tally.observe;

import io.tally.pipeline.LaneStatus;
import io.tally.pipeline.PartitionPhase;
import io.tally.pipeline.PartitionStatus;
import io.tally.pipeline.PipelineStatus;
import io.tally.pipeline.Pipelines;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether every pipeline does its work here; part of readiness. Down with the reasons while one cannot: no broker, a
 * topic missing, a lane failing or ended, a partition refused. Out of service while partitions are being restored, so
 * that a rolling update waits for them.
 */
final class PipelinesHealthIndicator extends AbstractHealthIndicator {
    private final Pipelines pipelines;

    PipelinesHealthIndicator(Pipelines pipelines) {
        super("The state of the pipelines could not be read");
        this.pipelines = pipelines;
    }

    @Override
    protected void doHealthCheck(Health.Builder health) {
        health.up();
        for (PipelineStatus pipeline : pipelines.statuses()) {
            List<String> problems = problems(pipeline);
            List<String> restoring = restoring(pipeline);
            Map<String, Object> details = new LinkedHashMap<>();
            details.put("phase", pipeline.phase());
            if (!problems.isEmpty()) {
                details.put("problems", problems);
                health.down();
            }
            if (!restoring.isEmpty()) {
                details.put("restoring", restoring);
                if (health.build().getStatus().equals(Status.UP)) {
                    health.outOfService();
                }
            }
            health.withDetail(pipeline.name(), details);
        }
    }

    private static List<String> problems(PipelineStatus pipeline) {
        List<String> problems = new ArrayList<>();
        if (pipeline.problem() != null) {
            problems.add(pipeline.problem());
        } else if (pipeline.phase() != PipelineStatus.Phase.RUNNING) {
            problems.add("the pipeline is " + pipeline.phase());
        }
        for (LaneStatus lane : pipeline.lanes()) {
            if (lane.problem() != null) {
                problems.add("lane " + lane.lane() + ": " + lane.problem());
            } else if (!lane.running()) {
                problems.add("lane " + lane.lane() + " does not run");
            }
            for (PartitionStatus partition : lane.partitions()) {
                if (partition.refusal() != null) {
                    problems.add("partition " + partition.partition() + " is refused: " + partition.refusal());
                }
            }
        }
        return problems;
    }

    private static List<String> restoring(PipelineStatus pipeline) {
        List<String> restoring = new ArrayList<>();
        for (LaneStatus lane : pipeline.lanes()) {
            for (PartitionStatus partition : lane.partitions()) {
                if (partition.phase() == PartitionPhase.RESTORING) {
                    String progress = partition.progress();
                    restoring.add(
                            "partition " + partition.partition() + (progress == null ? " waits" : ": " + progress));
                }
            }
        }
        return restoring;
    }
}
