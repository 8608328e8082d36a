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
    KILL_K0_RESTORE(Group.NAMED_KILL, 8, KillPoints::inRestore),
    /** While the source is replayed. */
    KILL_K1_REPLAY(Group.NAMED_KILL, 8, KillPoints::inReplay),
    /** Records were polled. */
    KILL_K2_POLLED(Group.NAMED_KILL, 6, KillPoints.afterReply(ApiKeys.FETCH)),
    /** The first records of a transaction are on their way, and never arrive. */
    KILL_K3_BEGUN(Group.NAMED_KILL, 6, KillPoints.beforeRequest(ApiKeys.PRODUCE)),
    /** Some records have arrived. */
    KILL_K4_SENDING(Group.NAMED_KILL, 6, KillPoints.afterReply(ApiKeys.PRODUCE)),
    /** Records of the state topic are on their way. */
    KILL_K5_CHECKPOINT(Group.NAMED_KILL, 6, KillPoints::inCheckpoint),
    /** All records have arrived, the offsets have not. */
    KILL_K6_FLUSHED(Group.NAMED_KILL, 10, KillPoints.beforeRequest(ApiKeys.TXN_OFFSET_COMMIT)),
    /** The offsets have arrived, the end of the transaction was not asked for. */
    KILL_K7_OFFSETS(Group.NAMED_KILL, 12, KillPoints.beforeRequest(ApiKeys.END_TXN)),
    /** The transaction was ended, the answer did not come. */
    KILL_K8_ENDED(Group.NAMED_KILL, 16, KillPoints.beforeReply(ApiKeys.END_TXN)),
    /** The answer has just come. */
    KILL_K9_CONFIRMED(Group.NAMED_KILL, 10, KillPoints.afterReply(ApiKeys.END_TXN)),
    /** Partitions are being assigned. */
    KILL_K10_REBALANCE(Group.NAMED_KILL, 6, KillPoints::inRebalance),
    /** A planned stop is under way. */
    KILL_K11_SHUTDOWN(Group.NAMED_KILL, 6, KillPoints::inShutdown),
    KILL_RANDOM(Group.KILL, 8, ProcessFaults::killOne),
    KILL_ALL(Group.KILL, 3, ProcessFaults::killAll),
    // Frames that are lost or late.
    END_TXN_REPLY_LOST(Group.LOST_COMMIT, 10, NetworkFaults.reply(ApiKeys.END_TXN)),
    END_TXN_REQUEST_LOST(Group.LOST_COMMIT, 10, NetworkFaults.request(ApiKeys.END_TXN)),
    END_TXN_REPLY_LATE(Group.LOST_COMMIT, 5, NetworkFaults.lateReply(ApiKeys.END_TXN)),
    END_TXN_REQUEST_LATE(Group.LOST_COMMIT, 5, NetworkFaults.lateRequest(ApiKeys.END_TXN)),
    TXN_OFFSETS_REPLY_LOST(Group.LOST_FRAME, 3, NetworkFaults.reply(ApiKeys.TXN_OFFSET_COMMIT)),
    TXN_OFFSETS_REQUEST_LATE(Group.LOST_FRAME, 4, NetworkFaults.lateRequest(ApiKeys.TXN_OFFSET_COMMIT)),
    PRODUCE_REPLY_LOST(Group.LOST_FRAME, 3, NetworkFaults.reply(ApiKeys.PRODUCE)),
    PRODUCE_REQUEST_LOST(Group.LOST_FRAME, 3, NetworkFaults.request(ApiKeys.PRODUCE)),
    FETCH_REPLY_LATE(Group.LOST_FRAME, 2, NetworkFaults.lateReply(ApiKeys.FETCH)),
    INIT_PRODUCER_REPLY_LOST(Group.LOST_AT_START, 2, NetworkFaults.inRestart(ApiKeys.INIT_PRODUCER_ID)),
    FIND_COORDINATOR_REPLY_LOST(Group.LOST_AT_START, 2, NetworkFaults.inRestart(ApiKeys.FIND_COORDINATOR)),
    CONNECTIONS_RESET(Group.CONNECTION, 3, NetworkFaults::reset),
    FREEZE_TO_BROKER(Group.CONNECTION, 3, NetworkFaults::freezeRequests),
    FREEZE_TO_CLIENT(Group.CONNECTION, 3, NetworkFaults::freezeReplies),
    PARTITION_FROM_ONE_BROKER(Group.CONNECTION, 3, NetworkFaults::partition),
    // SIGSTOP.
    FREEZE_SHORT(Group.FREEZE, 4, ProcessFaults::freezeShort),
    /** Beyond the session timeout: others take over before it is thawed. */
    FREEZE_ZOMBIE(Group.FREEZE, 6, ProcessFaults::freezeLong),
    FREEZE_ZOMBIE_K6(Group.FREEZE, 5, ProcessFaults.freezeAt(ApiKeys.TXN_OFFSET_COMMIT)),
    FREEZE_ZOMBIE_K7(Group.FREEZE, 5, ProcessFaults.freezeAt(ApiKeys.END_TXN)),
    /** Only where the clocks of instances are ours. */
    CLOCK_JUMPS(Group.CLOCK, 8, ProcessFaults::clockJumps),
    // Brokers.
    BROKER_KILL(Group.BROKER, 14, BrokerFaults::killAny),
    COORDINATOR_KILL_K7(Group.COORDINATOR, 5, BrokerFaults::killTransactionCoordinatorBefore),
    COORDINATOR_KILL_K8(Group.COORDINATOR, 5, BrokerFaults::killTransactionCoordinatorAfter),
    GROUP_COORDINATOR_KILL(Group.COORDINATOR, 4, BrokerFaults::killGroupCoordinator),
    /** Its disk is full. */
    DISK_FULL(Group.DISK, 4, BrokerFaults::fillDisk),
    /** For a minute and more. */
    ALL_BROKERS_AWAY(Group.OUTAGE, 1, BrokerFaults::killAll),
    /** A permission is taken away, and given back. */
    ACCESS_TAKEN(Group.ACCESS, 6, AccessFaults::takeAway),
    // An operator, while nobody runs.
    OFFSET_MOVED(Group.OPERATOR, 2, OperatorFaults::moveOffset),
    STATE_DAMAGED(Group.OPERATOR, 2, OperatorFaults::damageState),
    // Instances that come and go.
    TWIN(Group.TWIN, 2, ProcessFaults::twin),
    REBALANCE_STORM(Group.COMING_AND_GOING, 3, ProcessFaults::storm),
    ROLLING_RESTART(Group.COMING_AND_GOING, 3, ProcessFaults::rollingRestart);

    /** Kinds that are alike, for reports. */
    enum Group {
        NAMED_KILL("SIGKILL at a named step", false),
        KILL("SIGKILL at any moment", false),
        LOST_COMMIT("`EndTxn`, request or reply lost or 8 s late", true),
        LOST_FRAME("other requests or replies lost or late", true),
        LOST_AT_START("replies lost while an instance starts", false),
        CONNECTION("connections reset or frozen", true),
        FREEZE("SIGSTOP", true),
        CLOCK("jumps of an instance's clock", true),
        COORDINATOR("SIGKILL of a coordinator", true),
        BROKER("SIGKILL of any broker", true),
        DISK("a broker's disk is full", true),
        OUTAGE("SIGKILL of all brokers, for a minute or more", true),
        ACCESS("a permission taken away for a while", true),
        OPERATOR("offsets or state damaged by an operator, and mended", false),
        TWIN("two processes with one id", false),
        COMING_AND_GOING("instances come and go", false);

        private final String title;
        private final boolean survived;

        /** @param survived whether processes of instances live through it */
        Group(String title, boolean survived) {
            this.title = title;
            this.survived = survived;
        }

        @Override
        public String toString() {
            return title;
        }
    }

    /** Lets a fault happen; null if the occasion for it did not come. */
    interface Injection {
        @Nullable
        Struck inject(Scene scene, Random random) throws Exception;
    }

    private final Group group;
    private final int weight;
    private final Injection injection;

    FaultKind(Group group, int weight, Injection injection) {
        this.group = group;
        this.weight = weight;
        this.injection = injection;
    }

    Group group() {
        return group;
    }

    Injection injection() {
        return injection;
    }

    /**
     * Draws one.
     *
     * @param brokers how many there are
     * @param survived whether processes must live through it
     * @param clocks whether clocks can jump
     */
    static FaultKind draw(Random random, int brokers, boolean survived, boolean clocks) {
        List<FaultKind> candidates = Arrays.stream(values())
                .filter(kind -> brokers == 3 || kind != PARTITION_FROM_ONE_BROKER)
                .filter(kind -> kind.group.survived || !survived)
                .filter(kind -> kind != CLOCK_JUMPS || clocks)
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
