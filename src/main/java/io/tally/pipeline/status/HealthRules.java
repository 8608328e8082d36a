package io.tally.pipeline.status;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * When a pipeline is not ready, and when it is not alive. These are all the rules:
 *
 * <table>
 * <caption>Rules of health</caption>
 * <tr><th>State</th><th>Readiness</th><th>Liveness</th></tr>
 * <tr><td>pipeline waits: no broker, a topic missing or wrong</td><td>down</td><td>up</td></tr>
 * <tr><td>lane cannot poll, or its transactions fail</td><td>down</td><td>up</td></tr>
 * <tr><td>lane has ended for a reason that a person must remove</td><td>down</td><td>up</td></tr>
 * <tr><td>partition is refused</td><td>down</td><td>up</td></tr>
 * <tr><td>restore of a partition fails and is tried again</td><td>down</td><td>up</td></tr>
 * <tr><td>nearly all of the latest records of a partition are dead letters or late (<code>uncounted</code>)</td>
 * <td>down</td><td>up</td></tr>
 * <tr><td>partition is being restored</td><td>out of service</td><td>up</td></tr>
 * <tr><td>an operator has paused the pipeline in this instance</td><td>out of service</td><td>up</td></tr>
 * <tr><td>lane's thread has died, or has not polled for ten minutes</td><td>down</td><td>down</td></tr>
 * <tr><td>thread that watches broker and topics has died, or has not looked for ten minutes</td><td>down</td><td>down
 * </td></tr>
 * <tr><td>none of these; also without any partition</td><td>up</td><td>up</td></tr>
 * </table>
 *
 * <p>Liveness is down only for what a restart heals. A reason goes away with its cause. A failed transaction is a
 * reason until one is committed or nothing waits to be committed; a failed restore, until that partition is restored or
 * gone; a failed poll, until one works; uncounted records, until enough are counted again.
 */
public final class HealthRules {
    /** Longer than any thread waits for the broker, since the clients' time-outs bound these waits. */
    static final Duration HANGS_AFTER = Duration.ofMinutes(10);

    private HealthRules() {}

    /** Why a pipeline does not do all its work here; empty if it does, or is about to. */
    public static List<String> problems(PipelineStatus pipeline, Instant now) {
        return problems(pipeline, now, refusal -> refusal);
    }

    /**
     * The same in other words.
     *
     * @param words what is shown of a refusal
     */
    public static List<String> problems(PipelineStatus pipeline, Instant now, UnaryOperator<Refusal> words) {
        List<String> problems = new ArrayList<>();
        if (pipeline.problem() != null) {
            problems.add(pipeline.problem());
        } else if (pipeline.phase() != PipelineStatus.Phase.RUNNING) {
            problems.add("the pipeline is " + pipeline.phase());
        }
        for (LaneStatus lane : pipeline.lanes()) {
            if (lane.problem() != null) {
                problems.add("lane " + lane.lane() + ": " + lane.problem());
            }
            for (PartitionStatus partition : lane.partitions()) {
                if (partition.refusal() != null) {
                    problems.add(
                            "partition " + partition.partition() + " is refused: " + words.apply(partition.refusal()));
                } else if (partition.problem() != null) {
                    problems.add("partition " + partition.partition() + ": " + partition.problem());
                }
                Uncounted uncounted = partition.uncounted();
                if (uncounted != null && uncounted.isSevere()) {
                    problems.add("partition " + partition.partition() + ": " + uncounted.text());
                }
            }
        }
        dead(pipeline, now).forEach((thread, what) -> problems.add(thread + ": " + what));
        return problems;
    }

    /** What somebody should know of partitions that count hardly any record, though the pipeline is ready. */
    public static List<String> uncounted(PipelineStatus pipeline) {
        List<String> notes = new ArrayList<>();
        for (LaneStatus lane : pipeline.lanes()) {
            for (PartitionStatus partition : lane.partitions()) {
                Uncounted uncounted = partition.uncounted();
                if (uncounted != null && !uncounted.isSevere()) {
                    notes.add("partition " + partition.partition() + ": " + uncounted.text());
                }
            }
        }
        return notes;
    }

    /** The partitions that are being restored, each with its progress. */
    public static List<String> restoring(PipelineStatus pipeline) {
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

    /** Says that an operator has paused the pipeline in this instance, and how that ends; null as a rule. */
    public static @Nullable String paused(PipelineStatus pipeline) {
        return pipeline.pausedSince() == null
                ? null
                : "an operator has paused it in this instance since " + pipeline.pausedSince()
                        + ": it takes no records until it is resumed, or this instance is started again";
    }

    /** The dead threads of a pipeline, which a restart would heal, each with what is wrong; empty if all are alive. */
    public static Map<String, String> dead(PipelineStatus pipeline, Instant now) {
        Map<String, String> dead = new LinkedHashMap<>();
        if (pipeline.phase() == PipelineStatus.Phase.STOPPED) {
            return dead;
        }
        if (!pipeline.watched()) {
            dead.put(
                    pipeline.name() + "-watch",
                    "The thread that watches broker and topics has died; the log says why.");
        } else if (hangs(pipeline.lastLook(), now)) {
            dead.put(
                    pipeline.name() + "-watch",
                    "The thread that watches broker and topics has not looked since " + pipeline.lastLook() + ".");
        }
        // Otherwise the pipeline's lanes are being started or stopped; but one that hangs does not stop.
        boolean isRunning = pipeline.phase() == PipelineStatus.Phase.RUNNING;
        for (LaneStatus lane : pipeline.lanes()) {
            if (lane.ended()) {
                continue;
            }
            String name = pipeline.name() + "-" + lane.lane();
            if (!lane.running()) {
                if (isRunning) {
                    dead.put(name, "The consumer thread has died; the log says why.");
                }
            } else if (hangs(lane.lastPoll(), now)) {
                dead.put(name, "The consumer thread has not polled since " + lane.lastPoll() + ".");
            }
        }
        return dead;
    }

    private static boolean hangs(Instant lastSign, Instant now) {
        return lastSign.plus(HANGS_AFTER).isBefore(now);
    }
}
