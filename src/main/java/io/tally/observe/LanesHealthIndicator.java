package io.tally.observe;

import io.tally.pipeline.LaneStatus;
import io.tally.pipeline.PipelineStatus;
import io.tally.pipeline.Pipelines;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;

/**
 * Whether every lane's thread is alive; part of liveness, so down only for what a restart heals: a thread that died (an
 * {@code OutOfMemoryError}, say) or hangs. A lane that has ended for a reason that a person must remove is no such
 * case, and neither is a broker that does not answer.
 */
final class LanesHealthIndicator extends AbstractHealthIndicator {
    /** Longer than any wait of a lane for the broker: those are bounded by the clients' time-outs. */
    private static final Duration HANGS_AFTER = Duration.ofMinutes(10);

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
            if (pipeline.phase() == PipelineStatus.Phase.RUNNING) {
                for (LaneStatus lane : pipeline.lanes()) {
                    check(pipeline, lane, health);
                }
            }
        }
    }

    private void check(PipelineStatus pipeline, LaneStatus lane, Health.Builder health) {
        if (lane.ended()) {
            return;
        }
        String name = pipeline.name() + "-" + lane.lane();
        Instant lastPoll = lane.lastPoll();
        if (!lane.running()) {
            health.down().withDetail(name, "The consumer thread has died; the log says why.");
        } else if (lastPoll != null && lastPoll.plus(HANGS_AFTER).isBefore(clock.instant())) {
            health.down().withDetail(name, "The consumer thread has not polled since " + lastPoll + ".");
        }
    }
}
