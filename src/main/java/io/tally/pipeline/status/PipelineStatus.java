package io.tally.pipeline.status;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as this instance sees it.
 *
 * @param name name in the configuration
 * @param phase what it is doing
 * @param problem why it does not work, or what to do, null when all is well
 * @param watched whether the thread that starts the lanes and watches broker and topics lives
 * @param lastLook when that thread last began to look; before the first look, when it was made
 * @param grace how far the watermark is behind the highest event time
 * @param maxOpenEntries limit of open (window, key) entries per partition, {@link Long#MAX_VALUE} if there is none
 * @param findings what somebody should know though it stops nothing: that keys are in several partitions
 * @param pausedSince since when an operator has paused it in this instance; null as a rule
 */
public record PipelineStatus(
        String name,
        Phase phase,
        @Nullable String problem,
        boolean watched,
        Instant lastLook,
        String sourceTopic,
        String sinkTopic,
        String groupId,
        Duration grace,
        long maxOpenEntries,
        List<String> findings,
        @Nullable Instant pausedSince,
        List<LaneStatus> lanes) {

    /** Life of a pipeline in one instance. */
    public enum Phase {
        /** Waits until the broker answers and the topics are as they must be. */
        WAITING,
        /** Its lanes run. */
        RUNNING,
        /** It ended with the application. */
        STOPPED
    }
}
