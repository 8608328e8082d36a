package io.tally.kafka.lane;

import io.tally.kafka.member.LaneHealth;
import io.tally.pipeline.status.Refusal;
import io.tally.setting.Setting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a lane that cannot go on, and says why where everybody sees it. */
final class LaneEnd {
    private static final Logger log = LoggerFactory.getLogger(LaneEnd.class);

    private final LaneId lane;
    private final LaneHealth health;
    private final Runnable stop;

    /** @param stop stops the lane's container */
    LaneEnd(LaneId lane, LaneHealth health, Runnable stop) {
        this.lane = lane;
        this.health = health;
        this.stop = stop;
    }

    /** Whether the lane has ended. */
    boolean isReached() {
        return health.hasEnded();
    }

    /** Notes why the lane ends; the container stops by itself. */
    void note(String why) {
        health.end("Lane " + lane.number() + " of pipeline " + lane.pipelineName() + " has stopped: " + why);
        log.error("Pipeline {}: {}", lane.pipelineName(), health.problem());
    }

    /** Another process works under the same identity, and one of the two has to give in. */
    void noteTwin(String what) {
        note(what + ". Give each process its own " + Setting.INSTANCE_ID + ", then restart this one.");
    }

    /** Stops the lane, too. */
    void stop(Refusal why) {
        note(why.problem() + " Remedy: " + why.remedy());
        stop.run();
    }

    /** Stops the lane if another process has taken over its transactional id again and again. */
    void stopIfFencedForGood() {
        if (health.isFencedForGood() && !isReached()) {
            noteTwin("its transactional id '" + lane.transactionalId()
                    + "' was taken over again and again: another process runs with the same instance id '"
                    + lane.pipeline().instanceId() + "'");
            stop.run();
        }
    }
}
