package io.tally.pipeline.status;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One lane, a consumer thread with its own transactional producer.
 *
 * @param lane number of the lane, from 0
 * @param running whether its consumer polls
 * @param ended whether it stopped for a reason that a person must remove; {@code problem} tells the reason
 * @param transactionalId identity of its transactions
 * @param problem what stops it from working now, or ended it; null when all is well
 * @param lastCommit time of its last successful commit in this process, null if there was none
 * @param lastPoll when its consumer last polled; before the first poll, when the lane was made
 * @param transactionSince when its running transaction began, null if none runs
 * @param commits number of transactions committed by this process
 * @param aborts number of transactions of this process that did not end in a confirmed commit
 * @param fencings number of transactions of dead predecessors that this lane ended
 */
public record LaneStatus(
        int lane,
        boolean running,
        boolean ended,
        String transactionalId,
        @Nullable String problem,
        @Nullable Instant lastCommit,
        Instant lastPoll,
        @Nullable Instant transactionSince,
        long commits,
        long aborts,
        long fencings,
        List<PartitionStatus> partitions) {}
