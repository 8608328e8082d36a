package io.tally.campaign;

import static org.awaitility.Awaitility.await;

import io.tally.campaign.cluster.Cluster;
import io.tally.campaign.cluster.Signal;
import io.tally.campaign.load.Lines;
import io.tally.campaign.read.Collector;
import io.tally.campaign.read.LiveReader;
import io.tally.campaign.read.StateTopic;
import io.tally.campaign.read.Topics;
import io.tally.plan.TransactionalId;
import io.tally.process.Clock;
import io.tally.process.Relay;
import io.tally.process.TallyProcess;
import io.tally.process.Trap;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A pipeline at work, and all that a fault may need. */
final class Scene implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    /** Within which the occasion for a fault must come. */
    private static final Duration OCCASION = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final int place;
    private final Path directory;
    private final RoundPlan plan;
    private final Topics topics;
    private final Lines lines;
    private final LiveReader live;
    private final Collector collector;
    private final Map<String, TallyProcess> instances = new TreeMap<>();
    private final Map<String, Clock> clocks = new TreeMap<>();

    Scene(
            Cluster cluster,
            int place,
            Path directory,
            RoundPlan plan,
            Topics topics,
            Lines lines,
            LiveReader live,
            Collector collector) {
        this.cluster = cluster;
        this.place = place;
        this.directory = directory;
        this.plan = plan;
        this.topics = topics;
        this.lines = lines;
        this.live = live;
        this.collector = collector;
    }

    Cluster cluster() {
        return cluster;
    }

    Topics topics() {
        return topics;
    }

    /** All relays of an instance. */
    List<Relay> relays(String instance) {
        return cluster.relays(place, instance);
    }

    boolean hasConsumerProtocol() {
        return plan.hasConsumerProtocol();
    }

    /** Of source and sink. */
    int partitions() {
        return plan.rules().partitions();
    }

    StateTopic state() {
        return collector.stateTopic();
    }

    Collector collector() {
        return collector;
    }

    /** Where the logs are. */
    Path directory() {
        return directory;
    }

    /** That of an instance's only lane. */
    String transactionalId(String instance) {
        return new TransactionalId(topics.group(), instance, 0).toString();
    }

    /** Those that run, by name. */
    Map<String, TallyProcess> instances() {
        return instances;
    }

    void start(String instance) {
        instances.put(instance, process(instance));
    }

    /** One that nobody looks after. */
    TallyProcess process(String instance) {
        Clock clock = clock(instance);
        return TallyProcess.startIn(
                clock == null ? Map.of() : clock.environment(),
                directory,
                cluster.address(place, instance),
                instance,
                plan.arguments(topics.pipeline(), topics.source(), topics.sink()));
    }

    /** The clock of an instance, whichever process has its name; null if it is that of the tests. */
    @Nullable
    Clock clock(String instance) {
        return plan.ownClocks()
                ? clocks.computeIfAbsent(instance, name -> new Clock(directory.resolve("clock-" + name)))
                : null;
    }

    /** After which others have taken over. */
    Duration beyondTheSession() {
        return plan.session().plusSeconds(3);
    }

    /** Starts it again if it runs no more. */
    void restart(String instance) {
        TallyProcess old = instances.get(instance);
        if (old != null) {
            old.close();
        }
        start(instance);
    }

    /** One that has partitions, if any has. */
    String any(Random random) {
        List<String> names = new ArrayList<>(instances.keySet());
        List<String> active = new ArrayList<>(names);
        active.removeIf(name -> instances.get(name).active() == 0);
        List<String> candidates = active.isEmpty() ? names : active;
        return candidates.get(random.nextInt(candidates.size()));
    }

    long pid(String instance) {
        return instances.get(instance).process().pid();
    }

    /** Now: whatever the fault is, it has just struck. */
    Struck now() {
        long now = System.nanoTime();
        return new Struck(now, now, lines.now());
    }

    /** The fault is over. */
    Struck over(Struck struck) {
        return new Struck(struck.at(), System.nanoTime(), struck.eventTime());
    }

    /** Waits until the instance has stepped into the trap so often. */
    boolean springs(String instance, Trap trap) {
        return springs(instance, trap, () -> {});
    }

    /** @param occasion what brings the instance to the trap */
    boolean springs(String instance, Trap trap, Runnable occasion) {
        List<Relay> relays = relays(instance);
        relays.forEach(relay -> relay.set(trap));
        try {
            occasion.run();
            await().atMost(OCCASION)
                    .pollInterval(Duration.ofMillis(20))
                    // A process that has ended comes by no more.
                    .until(() -> trap.hasSprung()
                            || !instances.get(instance).process().isAlive());
        } catch (ConditionTimeoutException e) {
            // The occasion did not come, or not often enough.
        } finally {
            relays.forEach(relay -> relay.remove(trap));
            trap.withdraw();
        }
        await().atMost(PATIENCE).until(() -> !trap.isSpringing());
        return trap.met() > 0;
    }

    /** A trap that kills an instance, and tells when it has. */
    Trap killing(String instance, Trap trap, AtomicReference<Struck> struck) {
        return signalling(instance, Signal.KILL, trap, struck);
    }

    Trap signalling(String instance, Signal signal, Trap trap, AtomicReference<Struck> struck) {
        return trap.acting(() -> {
            TallyProcess process = instances.get(instance);
            if (process != null) {
                signal.send(process.process().pid());
                struck.compareAndSet(null, now());
            }
        });
    }

    /** Waits until the group has committed so many offsets more. */
    void awaitProgress(long records) {
        long goal = committed() + records;
        await("committed offsets; see " + directory)
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptions()
                .until(() -> committed() >= goal);
    }

    long committed() {
        return collector.committed(false).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    LiveReader live() {
        return live;
    }

    /** Wait for a part of the fault's own length. */
    static void last(Duration time) throws InterruptedException {
        Thread.sleep(time.toMillis());
    }

    @Override
    public void close() {
        instances.values().forEach(TallyProcess::close);
    }
}
