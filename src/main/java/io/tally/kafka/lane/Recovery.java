package io.tally.kafka.lane;

import io.tally.kafka.client.Permissions;
import io.tally.kafka.member.LaneHealth;
import io.tally.kafka.member.LanePartitions;
import io.tally.kafka.restore.Restores;
import io.tally.kafka.transaction.LaneTransactions;
import io.tally.kafka.transaction.Outboxes;
import io.tally.kafka.transaction.RowLimit;
import io.tally.pipeline.status.PipelineEvents;
import java.time.Duration;
import org.apache.kafka.clients.consumer.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a lane does when a transaction did not end in a confirmed commit: drops all memory and has it rebuilt. */
final class Recovery {
    private static final Logger log = LoggerFactory.getLogger(Recovery.class);

    private final LaneId lane;
    private final LanePartitions partitions;
    private final Restores restores;
    private final LaneTransactions transactions;
    private final Outboxes outboxes;
    private final RowLimit rows;
    private final LaneOutcome outcome;
    private final Doubt doubt;
    private final LaneHealth health;
    private final LaneEnd end;
    private final PipelineEvents events;
    private final Traces traces;

    Recovery(
            LaneId lane,
            LanePartitions partitions,
            Restores restores,
            LaneTransactions transactions,
            Outboxes outboxes,
            RowLimit rows,
            LaneOutcome outcome,
            Doubt doubt,
            LaneHealth health,
            LaneEnd end,
            PipelineEvents events,
            Traces traces) {
        this.lane = lane;
        this.partitions = partitions;
        this.restores = restores;
        this.transactions = transactions;
        this.outboxes = outboxes;
        this.rows = rows;
        this.outcome = outcome;
        this.doubt = doubt;
        this.health = health;
        this.end = end;
        this.events = events;
        this.traces = traces;
    }

    /** Does so if the lane is in doubt; only between transactions. */
    void recoverIfInDoubt(Consumer<?, ?> consumer) {
        if (doubt.isNone()) {
            return;
        }
        Throwable cause = doubt.takeCause();
        Duration age = doubt.age();
        String what = Permissions.describe(lane.pipeline(), cause) + transactions.hint(age);
        health.failed(what);
        boolean byFencing = LaneHealth.isFencing(cause);
        events.aborted(lane.pipelineName(), lane.number(), byFencing, cause);
        traces.failed(cause, byFencing, age);
        log.warn(
                "{}: a transaction failed or its outcome is unknown ({}); rebuilding the state of {} from what is committed",
                lane,
                what,
                partitions.ids());
        boolean ofPartitions = partitions.forgetAll(outboxes.takeFailures());
        outcome.abandon();
        rows.reset();
        // Only now: had anything above failed, the memory would still be in doubt.
        doubt.memoryIsGone();
        if (!ofPartitions && outcome.access().isOver(cause)) {
            end.stop(outcome.access().refusal("its transactions fail", cause));
            return;
        }
        restores.rebuildAll(consumer, byFencing);
    }
}
