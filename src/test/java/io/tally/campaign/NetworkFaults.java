package io.tally.campaign;

import io.tally.campaign.FaultKind.Injection;
import io.tally.process.Relay;
import io.tally.process.Trap;
import io.tally.process.Trap.Effect;
import io.tally.process.Trap.Moment;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What befalls requests and replies, and connections. */
final class NetworkFaults {
    /** Longer than any request may take. */
    private static final Duration LATE = Duration.ofSeconds(8);

    private static final int MOST_SKIPPED = 8;

    private NetworkFaults() {}

    static Injection request(ApiKeys kind) {
        return (scene, random) -> trap(scene, random, kind, Moment.BEFORE_THE_REQUEST, Effect.LOSE);
    }

    static Injection reply(ApiKeys kind) {
        return (scene, random) -> trap(scene, random, kind, Moment.BEFORE_THE_REPLY, Effect.LOSE);
    }

    static Injection lateRequest(ApiKeys kind) {
        return (scene, random) -> trap(scene, random, kind, Moment.BEFORE_THE_REQUEST, Effect.HOLD);
    }

    static Injection lateReply(ApiKeys kind) {
        return (scene, random) -> trap(scene, random, kind, Moment.BEFORE_THE_REPLY, Effect.HOLD);
    }

    /** A client that has no answer asks again. If that is lost, too, it gives up, and the outcome is unknown. */
    private static int requests(Random random) {
        return random.nextInt(4) == 0 ? 1 : 2;
    }

    private static @Nullable Struck trap(Scene scene, Random random, ApiKeys kind, Moment moment, Effect effect)
            throws InterruptedException {
        String victim = scene.any(random);
        Trap trap = new Trap(kind, moment, effect, random.nextInt(MOST_SKIPPED), requests(random)).holding(LATE);
        return spring(scene, victim, trap, () -> {});
    }

    private static @Nullable Struck spring(Scene scene, String victim, Trap trap, Runnable occasion)
            throws InterruptedException {
        Struck[] struck = new Struck[1];
        trap.telling(() -> struck[0] = struck[0] == null ? scene.now() : struck[0]);
        return scene.springs(victim, trap, occasion) && struck[0] != null ? scene.over(struck[0]) : null;
    }

    /** For what is only said at a start. */
    static Injection inRestart(ApiKeys kind) {
        return (scene, random) -> {
            String victim = scene.any(random);
            scene.instances().get(victim).kill();
            Trap trap = new Trap(kind, Moment.BEFORE_THE_REPLY, Effect.LOSE, random.nextInt(2), 1 + random.nextInt(2));
            return spring(scene, victim, trap, () -> scene.start(victim));
        };
    }

    static Struck reset(Scene scene, Random random) throws IOException, InterruptedException {
        List<Relay> relays = scene.relays(scene.any(random));
        Struck struck = scene.now();
        for (int times = 1 + random.nextInt(4); times > 0; times--) {
            for (Relay relay : relays) {
                relay.reset();
            }
            Scene.last(Duration.ofMillis(random.nextInt(500)));
        }
        return scene.over(struck);
    }

    static Struck freezeRequests(Scene scene, Random random) throws InterruptedException {
        List<Relay> relays = scene.relays(scene.any(random));
        return shut(scene, relays.stream().map(Relay::toBroker).toList(), duration(random));
    }

    static Struck freezeReplies(Scene scene, Random random) throws InterruptedException {
        List<Relay> relays = scene.relays(scene.any(random));
        return shut(scene, relays.stream().map(Relay::toClient).toList(), duration(random));
    }

    /** Both ways, between an instance and one broker. */
    static Struck partition(Scene scene, Random random) throws InterruptedException {
        List<Relay> relays = scene.relays(scene.any(random));
        Relay relay = relays.get(random.nextInt(relays.size()));
        return shut(scene, List.of(relay.toBroker(), relay.toClient()), duration(random));
    }

    /** Shorter or longer than the session timeout. */
    private static Duration duration(Random random) {
        return Duration.ofMillis(2_000 + random.nextInt(10_000));
    }

    private static Struck shut(Scene scene, List<Relay.Gate> gates, Duration time) throws InterruptedException {
        Struck struck = scene.now();
        gates.forEach(Relay.Gate::shut);
        try {
            Scene.last(time);
        } finally {
            gates.forEach(Relay.Gate::open);
        }
        return scene.over(struck);
    }
}
