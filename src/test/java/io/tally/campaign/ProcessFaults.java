package io.tally.campaign;

import io.tally.campaign.FaultKind.Injection;
import io.tally.campaign.cluster.Signal;
import io.tally.process.Clock;
import io.tally.process.TallyProcess;
import io.tally.process.Trap;
import io.tally.process.Trap.Effect;
import io.tally.process.Trap.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.common.protocol.ApiKeys;
import org.jspecify.annotations.Nullable;

/** What befalls instances. */
final class ProcessFaults {
    private static final Duration BEYOND_THE_TRANSACTION = Duration.ofSeconds(13);
    private static final String SPARE = "c";
    private static final List<Duration> JUMPS =
            List.of(Duration.ofMinutes(1), Duration.ofMinutes(50), Duration.ofHours(5), Duration.ofDays(3));

    private ProcessFaults() {}

    /** A third of the time at once, otherwise only after the others have gone on. */
    static void comeBack(Scene scene, Random random, String victim) {
        TallyProcess old = scene.instances().remove(victim);
        if (old != null) {
            old.close();
        }
        if (random.nextInt(3) > 0 && !scene.instances().isEmpty()) {
            scene.awaitProgress(1 + random.nextInt(1_500));
        }
        scene.start(victim);
    }

    static Struck killOne(Scene scene, Random random) {
        scene.awaitProgress(1 + random.nextInt(1_500));
        String victim = scene.any(random);
        scene.instances().get(victim).kill();
        Struck struck = scene.now();
        comeBack(scene, random, victim);
        return struck;
    }

    static Struck killAll(Scene scene, Random random) {
        scene.awaitProgress(1 + random.nextInt(1_500));
        List<String> all = List.copyOf(scene.instances().keySet());
        all.forEach(name -> scene.instances().get(name).kill());
        Struck struck = scene.now();
        all.forEach(scene::restart);
        return struck;
    }

    static Struck freezeShort(Scene scene, Random random) throws InterruptedException {
        return freeze(scene, scene.any(random), Duration.ofMillis(1_000 + random.nextInt(3_000)));
    }

    static Struck freezeLong(Scene scene, Random random) throws InterruptedException {
        return freeze(scene, scene.any(random), forLong(scene, random));
    }

    private static Duration forLong(Scene scene, Random random) {
        return random.nextBoolean() ? scene.beyondTheSession() : BEYOND_THE_TRANSACTION;
    }

    private static Struck freeze(Scene scene, String victim, Duration time) throws InterruptedException {
        Signal.STOP.send(scene.pid(victim));
        return thaw(scene, victim, scene.now(), time);
    }

    private static Struck thaw(Scene scene, String victim, Struck struck, Duration time) throws InterruptedException {
        try {
            Scene.last(time);
        } finally {
            Signal.CONT.send(scene.pid(victim));
        }
        return scene.over(struck);
    }

    /** SIGSTOP right before this request; it arrives nevertheless, the answer only after the thaw. */
    static Injection freezeAt(ApiKeys kind) {
        return (scene, random) -> {
            String victim = scene.any(random);
            AtomicReference<Struck> struck = new AtomicReference<>();
            Trap trap = new Trap(kind, Moment.BEFORE_THE_REQUEST, Effect.ACT, random.nextInt(10), 1);
            scene.springs(victim, scene.signalling(victim, Signal.STOP, trap, struck));
            return struck.get() == null ? null : thaw(scene, victim, struck.get(), forLong(scene, random));
        };
    }

    /**
     * Its clock is set, up to three times: by minutes, hours or days, forwards and backwards; then it is right again.
     */
    static @Nullable Struck clockJumps(Scene scene, Random random) throws InterruptedException {
        String victim = scene.any(random);
        Clock clock = scene.clock(victim);
        if (clock == null) {
            return null;
        }
        Struck struck = scene.now();
        try {
            for (int jumps = 1 + random.nextInt(3); jumps > 0; jumps--) {
                Duration by = JUMPS.get(random.nextInt(JUMPS.size()));
                clock.jump(random.nextBoolean() ? by : by.negated());
                Scene.last(Duration.ofMillis(1_000 + random.nextInt(3_000)));
            }
        } finally {
            clock.jump(Duration.ZERO);
        }
        return scene.over(struck);
    }

    /** Another process with the same instance id. One of the two may give up; whoever runs them starts it again. */
    static Struck twin(Scene scene, Random random) throws InterruptedException {
        String name = scene.any(random);
        Struck struck;
        try (TallyProcess twin = scene.process(name)) {
            twin.awaitAnswer();
            struck = scene.now();
            Scene.last(Duration.ofSeconds(6));
        }
        struck = scene.over(struck);
        TallyProcess first = scene.instances().get(name);
        if (!first.isLive() || first.hasEndedLane()) {
            scene.restart(name);
        }
        return struck;
    }

    /** One more, or one less. */
    static void comeOrGo(Scene scene) {
        TallyProcess spare = scene.instances().remove(SPARE);
        if (spare == null) {
            scene.start(SPARE);
        } else {
            spare.kill();
        }
    }

    /** Instances a and b, whatever happened. */
    static void leaveTwo(Scene scene) {
        TallyProcess spare = scene.instances().remove(SPARE);
        if (spare != null) {
            spare.stop();
        }
        for (String name : List.of("a", "b")) {
            if (!scene.instances().containsKey(name)) {
                scene.start(name);
            }
        }
    }

    /** Between one instance and three, some killed, some stopped as planned. */
    static @Nullable Struck storm(Scene scene, Random random) {
        Struck struck = scene.now();
        for (int step = 0; step < 4; step++) {
            if (scene.instances().size() < 3 && (scene.instances().size() == 1 || random.nextBoolean())) {
                for (String name : List.of("a", "b", SPARE)) {
                    if (!scene.instances().containsKey(name)) {
                        scene.start(name);
                        break;
                    }
                }
            } else {
                TallyProcess leaver = scene.instances().remove(scene.any(random));
                if (random.nextBoolean()) {
                    leaver.stop();
                } else {
                    leaver.kill();
                }
            }
            scene.awaitProgress(1 + random.nextInt(1_000));
        }
        leaveTwo(scene);
        return scene.over(struck);
    }

    static Struck rollingRestart(Scene scene, Random random) {
        Struck struck = scene.now();
        for (String name : List.copyOf(scene.instances().keySet())) {
            scene.instances().get(name).stop();
            scene.restart(name);
            scene.instances().get(name).awaitReady();
        }
        return scene.over(struck);
    }
}
