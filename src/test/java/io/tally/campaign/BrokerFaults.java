package io.tally.campaign;

import static org.awaitility.Awaitility.await;

import io.tally.campaign.cluster.Broker;
import io.tally.process.Trap;
import io.tally.process.Trap.Effect;
import io.tally.process.Trap.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What befalls brokers. Of three, the other two go on. */
final class BrokerFaults {
    private static final Duration OUTAGE = Duration.ofMinutes(1);

    private BrokerFaults() {}

    static Struck killAny(Scene scene, Random random) throws Exception {
        List<Broker> brokers = scene.cluster().brokers();
        Broker broker = brokers.get(random.nextInt(brokers.size()));
        return scene.cluster().whole(() -> {
            broker.kill();
            return comeBack(scene, random, broker, scene.now());
        });
    }

    /** A broker that cannot write ends; it comes back when there is room again. */
    static @Nullable Struck fillDisk(Scene scene, Random random) throws Exception {
        List<Broker> brokers = scene.cluster().brokers();
        Broker broker = brokers.get(random.nextInt(brokers.size()));
        int room = 1 << (16 + random.nextInt(5));
        return scene.cluster().<@Nullable Struck>whole(() -> {
            Struck struck = scene.now();
            if (!broker.limitFiles(room)) {
                return null;
            }
            await("the end of a broker whose disk is full")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !broker.isAlive());
            return comeBack(scene, random, broker, struck);
        });
    }

    static Struck killAll(Scene scene, Random random) throws InterruptedException {
        List<Broker> brokers = scene.cluster().brokers();
        brokers.forEach(Broker::kill);
        Struck struck = scene.now();
        Scene.last(OUTAGE.plusMillis(random.nextInt((int) OUTAGE.toMillis())));
        brokers.forEach(Broker::restart);
        brokers.forEach(Broker::awaitAnswer);
        return scene.over(struck);
    }

    /** Right before the coordinator is asked to end a transaction. */
    static @Nullable Struck killTransactionCoordinatorBefore(Scene scene, Random random) throws Exception {
        return killAt(scene, random, Moment.BEFORE_THE_REQUEST);
    }

    /** Right after the coordinator has ended it. */
    static @Nullable Struck killTransactionCoordinatorAfter(Scene scene, Random random) throws Exception {
        return killAt(scene, random, Moment.BEFORE_THE_REPLY);
    }

    private static @Nullable Struck killAt(Scene scene, Random random, Moment moment) throws Exception {
        return scene.cluster().<@Nullable Struck>whole(() -> killTransactionCoordinator(scene, random, moment));
    }

    private static @Nullable Struck killTransactionCoordinator(Scene scene, Random random, Moment moment)
            throws InterruptedException {
        String instance = scene.any(random);
        Broker broker;
        try {
            broker = coordinator(scene, scene.transactionalId(instance));
        } catch (ExecutionException e) {
            // It has not begun any transaction yet.
            return null;
        }
        AtomicReference<Struck> struck = new AtomicReference<>();
        Trap trap = new Trap(ApiKeys.END_TXN, moment, Effect.ACT, random.nextInt(10), 1).acting(() -> {
            broker.kill();
            struck.set(scene.now());
        });
        scene.springs(instance, trap);
        return struck.get() == null ? null : comeBack(scene, random, broker, struck.get());
    }

    private static Broker coordinator(Scene scene, String transactionalId)
            throws ExecutionException, InterruptedException {
        return scene.cluster()
                .broker(scene.cluster()
                        .admin()
                        .describeTransactions(List.of(transactionalId))
                        .description(transactionalId)
                        .get()
                        .coordinatorId());
    }

    static Struck killGroupCoordinator(Scene scene, Random random) throws Exception {
        return scene.cluster().whole(() -> {
            Broker broker = groupCoordinator(scene);
            broker.kill();
            return comeBack(scene, random, broker, scene.now());
        });
    }

    private static Broker groupCoordinator(Scene scene) throws Exception {
        int node = scene.cluster()
                .admin()
                .describeConsumerGroups(List.of(scene.topics().group()))
                .all()
                .get()
                .get(scene.topics().group())
                .coordinator()
                .id();
        return scene.cluster().broker(node);
    }

    /** With three brokers, mostly only when the others have taken over. */
    private static Struck comeBack(Scene scene, Random random, Broker broker, Struck struck)
            throws InterruptedException {
        int most = scene.cluster().brokers().size() == 1 ? 4_000 : 15_000;
        Scene.last(Duration.ofMillis(random.nextInt(most)));
        broker.restart();
        broker.awaitAnswer();
        return scene.over(struck);
    }
}
