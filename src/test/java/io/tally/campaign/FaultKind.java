package io.tally.campaign;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What can befall a running pipeline. */
enum FaultKind {
    // SIGKILL at a step of recovery or of a transaction. The names are those of the usual list of such steps.
    /** While the state is read. */
    KILL_K0_RESTORE(4, KillPoints::inRestore),
    /** While the source is replayed. */
    KILL_K1_REPLAY(4, KillPoints::inReplay),
    /** Records were polled. */
    KILL_K2_POLLED(3, KillPoints.afterReply(ApiKeys.FETCH)),
    /** The first records of a transaction are on their way, and never arrive. */
    KILL_K3_BEGUN(3, KillPoints.beforeRequest(ApiKeys.PRODUCE)),
    /** Some records have arrived. */
    KILL_K4_SENDING(3, KillPoints.afterReply(ApiKeys.PRODUCE)),
    /** Records of the state topic are on their way. */
    KILL_K5_CHECKPOINT(3, KillPoints::inCheckpoint),
    /** All records have arrived, the offsets have not. */
    KILL_K6_FLUSHED(5, KillPoints.beforeRequest(ApiKeys.TXN_OFFSET_COMMIT)),
    /** The offsets have arrived, the end of the transaction was not asked for. */
    KILL_K7_OFFSETS(6, KillPoints.beforeRequest(ApiKeys.END_TXN)),
    /** The transaction was ended, the answer did not come. */
    KILL_K8_ENDED(8, KillPoints.beforeReply(ApiKeys.END_TXN)),
    /** The answer has just come. */
    KILL_K9_CONFIRMED(5, KillPoints.afterReply(ApiKeys.END_TXN)),
    /** Partitions are being assigned. */
    KILL_K10_REBALANCE(3, KillPoints::inRebalance),
    /** A planned stop is under way. */
    KILL_K11_SHUTDOWN(3, KillPoints::inShutdown),
    KILL_RANDOM(8, ProcessFaults::killOne),
    KILL_ALL(3, ProcessFaults::killAll),
    // Frames that are lost or late.
    END_TXN_REPLY_LOST(6, NetworkFaults.reply(ApiKeys.END_TXN)),
    END_TXN_REQUEST_LOST(6, NetworkFaults.request(ApiKeys.END_TXN)),
    END_TXN_REPLY_LATE(3, NetworkFaults.lateReply(ApiKeys.END_TXN)),
    END_TXN_REQUEST_LATE(3, NetworkFaults.lateRequest(ApiKeys.END_TXN)),
    TXN_OFFSETS_REPLY_LOST(3, NetworkFaults.reply(ApiKeys.TXN_OFFSET_COMMIT)),
    TXN_OFFSETS_REQUEST_LATE(4, NetworkFaults.lateRequest(ApiKeys.TXN_OFFSET_COMMIT)),
    PRODUCE_REPLY_LOST(3, NetworkFaults.reply(ApiKeys.PRODUCE)),
    PRODUCE_REQUEST_LOST(3, NetworkFaults.request(ApiKeys.PRODUCE)),
    FETCH_REPLY_LATE(2, NetworkFaults.lateReply(ApiKeys.FETCH)),
    INIT_PRODUCER_REPLY_LOST(2, NetworkFaults.inRestart(ApiKeys.INIT_PRODUCER_ID)),
    FIND_COORDINATOR_REPLY_LOST(2, NetworkFaults.inRestart(ApiKeys.FIND_COORDINATOR)),
    CONNECTIONS_RESET(3, NetworkFaults::reset),
    FREEZE_TO_BROKER(3, NetworkFaults::freezeRequests),
    FREEZE_TO_CLIENT(3, NetworkFaults::freezeReplies),
    PARTITION_FROM_ONE_BROKER(3, NetworkFaults::partition),
    // SIGSTOP.
    FREEZE_SHORT(3, ProcessFaults::freezeShort),
    /** Beyond the session timeout: others take over before it is thawed. */
    FREEZE_ZOMBIE(4, ProcessFaults::freezeLong),
    FREEZE_ZOMBIE_K6(3, ProcessFaults.freezeAt(ApiKeys.TXN_OFFSET_COMMIT)),
    FREEZE_ZOMBIE_K7(3, ProcessFaults.freezeAt(ApiKeys.END_TXN)),
    // Brokers.
    BROKER_KILL(5, BrokerFaults::killAny),
    COORDINATOR_KILL_K7(4, BrokerFaults::killTransactionCoordinatorBefore),
    COORDINATOR_KILL_K8(4, BrokerFaults::killTransactionCoordinatorAfter),
    GROUP_COORDINATOR_KILL(3, BrokerFaults::killGroupCoordinator),
    // Instances that come and go.
    TWIN(2, ProcessFaults::twin),
    REBALANCE_STORM(3, ProcessFaults::storm),
    ROLLING_RESTART(3, ProcessFaults::rollingRestart);

    /** Lets a fault happen; null if the occasion for it did not come. */
    interface Injection {
        @Nullable
        Struck inject(Scene scene, Random random) throws Exception;
    }

    private static final List<FaultKind> NEED_THREE_BROKERS = List.of(PARTITION_FROM_ONE_BROKER);

    private final int weight;
    private final Injection injection;

    FaultKind(int weight, Injection injection) {
        this.weight = weight;
        this.injection = injection;
    }

    Injection injection() {
        return injection;
    }

    static FaultKind draw(Random random, int brokers) {
        List<FaultKind> candidates = Arrays.stream(values())
                .filter(kind -> brokers == 3 || !NEED_THREE_BROKERS.contains(kind))
                .toList();
        int dice =
                random.nextInt(candidates.stream().mapToInt(kind -> kind.weight).sum());
        for (FaultKind kind : candidates) {
            dice -= kind.weight;
            if (dice < 0) {
                return kind;
            }
        }
        throw new IllegalStateException();
    }
}
