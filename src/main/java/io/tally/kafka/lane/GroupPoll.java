package io.tally.kafka.lane;

import io.tally.kafka.client.GroupProtocol;
import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.client.Permissions;
import io.tally.kafka.member.AccessPatience;
import io.tally.kafka.member.LaneHealth;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;

/** Polls as a member of the group, and knows what a failure of that means for the lane. */
final class GroupPoll {
    private static final Duration BACKOFF = Duration.ofMillis(500);

    private final LaneId lane;
    private final ListenerProbe probe;
    private final GroupProtocol protocol;
    private final AccessPatience access;
    private final LaneHealth health;
    private final LaneEnd end;

    /**
     * @param access also of the lanes that had this one's number before, which may have been replaced for want of it
     */
    GroupPoll(
            LaneId lane,
            ListenerProbe probe,
            GroupProtocol protocol,
            AccessPatience access,
            LaneHealth health,
            LaneEnd end) {
        this.lane = lane;
        this.probe = probe;
        this.protocol = protocol;
        this.access = access;
        this.health = health;
        this.end = end;
    }

    ConsumerRecords<ByteBuffer, ByteBuffer> poll(Consumer<ByteBuffer, ByteBuffer> consumer, Duration timeout) {
        ConsumerRecords<ByteBuffer, ByteBuffer> records = probe.poll(consumer, timeout);
        health.pollWorked();
        // Under the newer protocol polls also work for one that may not take part in the group.
        if (protocol == GroupProtocol.CLASSIC || !consumer.assignment().isEmpty()) {
            access.granted();
        }
        return records;
    }

    /**
     * A poll has failed. Ends the lane, or lets it be replaced, or leaves it as it is to poll again.
     *
     * @throws RuntimeException this one, unless the lane ends: the container logs it, and polls again at once
     */
    void failed(RuntimeException failure) {
        if (failure instanceof FencedInstanceIdException) {
            end.noteTwin("another process runs with the same instance id '"
                    + lane.pipeline().instanceId() + "' and has taken this one's place in group "
                    + lane.pipeline().groupId());
            throw failure;
        }
        if (failure instanceof WakeupException || failure instanceof InterruptException) {
            throw failure;
        }
        String cause = Permissions.describe(lane.pipeline(), failure);
        health.pollFailed(cause);
        if (access.isOver(failure)) {
            end.stop(access.refusal("its consumer cannot poll", failure));
            return;
        }
        if (protocol.endsMembership(failure)) {
            health.outOfGroup(cause);
        }
        LockSupport.parkNanos(BACKOFF.toNanos());
        throw failure;
    }
}
