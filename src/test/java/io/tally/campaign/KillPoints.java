package io.tally.campaign;

import io.tally.campaign.FaultKind.Injection;
import io.tally.process.TallyProcess;
import io.tally.process.Trap;
import io.tally.process.Trap.Effect;
import io.tally.process.Trap.Moment;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/**
 * SIGKILL when a step is reached that can be seen on the wire. The relay has the request or the reply in its hands at
 * that moment and passes it on only after the kill.
 */
final class KillPoints {
    private static final int MOST_SKIPPED = 8;
    private static final String RESTORE = "-restore";

    private KillPoints() {}

    static Injection beforeRequest(ApiKeys kind) {
        return (scene, random) -> kill(scene, random, kind, Moment.BEFORE_THE_REQUEST);
    }

    static Injection beforeReply(ApiKeys kind) {
        return (scene, random) -> kill(scene, random, kind, Moment.BEFORE_THE_REPLY);
    }

    static Injection afterReply(ApiKeys kind) {
        return (scene, random) -> kill(scene, random, kind, Moment.AFTER_THE_REPLY);
    }

    private static @Nullable Struck kill(Scene scene, Random random, ApiKeys kind, Moment moment)
            throws InterruptedException {
        String victim = scene.any(random);
        Trap trap = new Trap(kind, moment, Effect.ACT, random.nextInt(MOST_SKIPPED), 1);
        return spring(scene, random, victim, trap, () -> {});
    }

    private static @Nullable Struck spring(Scene scene, Random random, String victim, Trap trap, Runnable occasion)
            throws InterruptedException {
        AtomicReference<Struck> struck = new AtomicReference<>();
        scene.springs(victim, scene.killing(victim, trap, struck), occasion);
        if (struck.get() != null) {
            ProcessFaults.comeBack(scene, random, victim);
        }
        return struck.get();
    }

    /** The consumer of a restore reads: first the state topic, then the source. */
    static @Nullable Struck inRestore(Scene scene, Random random) throws InterruptedException {
        return restore(scene, random, Moment.BEFORE_THE_REPLY, 0);
    }

    static @Nullable Struck inReplay(Scene scene, Random random) throws InterruptedException {
        return restore(scene, random, Moment.AFTER_THE_REPLY, 1 + random.nextInt(3));
    }

    private static @Nullable Struck restore(Scene scene, Random random, Moment moment, int skip)
            throws InterruptedException {
        String victim = scene.any(random);
        scene.instances().get(victim).kill();
        return spring(
                scene,
                random,
                victim,
                new Trap(ApiKeys.FETCH, moment, Effect.ACT, skip, 1).ofClient(RESTORE),
                () -> scene.start(victim));
    }

    /** A record for the state topic, whose id is in the request. */
    static @Nullable Struck inCheckpoint(Scene scene, Random random) throws Exception {
        String victim = scene.any(random);
        Uuid id = stateTopic(scene);
        byte[] bytes = ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
        Moment moment = random.nextBoolean() ? Moment.BEFORE_THE_REQUEST : Moment.AFTER_THE_REPLY;
        return spring(
                scene,
                random,
                victim,
                new Trap(ApiKeys.PRODUCE, moment, Effect.ACT, random.nextInt(3), 1).containing(bytes),
                () -> {});
    }

    /** Behind a shuffle that of the merge. */
    private static Uuid stateTopic(Scene scene) throws Exception {
        String name = scene.cluster().admin().listTopics().names().get().stream()
                .filter(topic -> scene.topics().owns(topic) && topic.contains("-source-state"))
                .max(Comparator.comparing(topic -> topic.endsWith("-merge")))
                .orElseThrow();
        return scene.cluster()
                .admin()
                .describeTopics(List.of(name))
                .allTopicNames()
                .get()
                .get(name)
                .topicId();
    }

    /** Another instance comes or goes. */
    static @Nullable Struck inRebalance(Scene scene, Random random) throws InterruptedException {
        String victim = scene.any(random);
        ApiKeys kind = scene.hasConsumerProtocol()
                ? ApiKeys.CONSUMER_GROUP_HEARTBEAT
                : random.nextBoolean() ? ApiKeys.SYNC_GROUP : ApiKeys.JOIN_GROUP;
        Moment moment = random.nextBoolean() ? Moment.BEFORE_THE_REPLY : Moment.AFTER_THE_REPLY;
        Struck struck = spring(
                scene, random, victim, new Trap(kind, moment, Effect.ACT, 0, 1), () -> ProcessFaults.comeOrGo(scene));
        ProcessFaults.leaveTwo(scene);
        return struck;
    }

    /** After SIGTERM: one of the requests of the last transaction. */
    static @Nullable Struck inShutdown(Scene scene, Random random) throws InterruptedException {
        String victim = scene.any(random);
        ApiKeys kind = List.of(ApiKeys.PRODUCE, ApiKeys.TXN_OFFSET_COMMIT, ApiKeys.END_TXN)
                .get(random.nextInt(3));
        Moment moment = Moment.values()[random.nextInt(3)];
        TallyProcess process = scene.instances().get(victim);
        Trap trap = new Trap(kind, moment, Effect.ACT, 0, 1);
        Struck struck = spring(
                scene,
                random,
                victim,
                trap,
                () -> ProcessHandle.of(process.process().pid()).ifPresent(ProcessHandle::destroy));
        if (struck == null) {
            process.stop();
            scene.start(victim);
        }
        return struck;
    }
}
