package io.tally.kafka;

import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.ListenerProbe;
import io.tally.kafka.lane.LaneContainer;
import io.tally.kafka.member.AccessPatience;
import io.tally.kafka.member.Moment;
import io.tally.kafka.member.Pause;
import io.tally.kafka.topic.AdminSource;
import io.tally.kafka.topic.ShuffleCleaner;
import io.tally.kafka.topic.TopicGuard;
import io.tally.kafka.topic.TopicLayout;
import io.tally.kafka.topic.TopicProblemException;
import io.tally.pipeline.PipelineSpec;
import io.tally.pipeline.StageKind;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.status.LaneStatus;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.plan.KafkaPipeline;
import io.tally.setting.Setting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One pipeline in this instance. It waits until the broker answers and the topics are as they must be, then runs the
 * lanes, and keeps watching broker and topics. A pipeline that cannot work says why and tries again; other pipelines
 * are not affected.
 */
final class PipelineRunner {
    private static final Logger log = LoggerFactory.getLogger(PipelineRunner.class);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);
    /**
     * An idle consumer does not notice that its broker is gone, or that its topic was created anew. So the broker is
     * asked.
     */
    private static final Duration WATCH = Duration.ofSeconds(5);

    private static final Duration SAY_AGAIN = Duration.ofMinutes(1);

    private final KafkaPipeline pipeline;
    private final ClientSettings settings;
    private final ClientListeners listeners;
    private final PipelineEvents events;
    private final ClockWatch clock;
    private final CountDownLatch firstLook = new CountDownLatch(1);
    private final Thread starter;
    private final LookFailures failures;

    private volatile PipelineStatus.Phase phase = PipelineStatus.Phase.WAITING;
    private volatile @Nullable String problem = "is starting";
    private volatile @Nullable TopicProblemException contradiction;
    private volatile List<LaneContainer> lanes = List.of();
    private final Pause pause = new Pause();
    /** One for each lane number. It outlives the lane, which may be replaced for want of access. */
    private final List<AccessPatience> access;

    private final LanesControl control;
    private final AdminSource admin;
    private volatile boolean stopping;
    private volatile boolean unwatched;
    private final Moment lastLook = new Moment();
    private @Nullable ShuffleCleaner cleaner;
    private long saidAt;
    private @Nullable String said;

    PipelineRunner(
            KafkaPipeline pipeline,
            ClientSettings settings,
            ClientListeners listeners,
            PipelineEvents events,
            ClockWatch clock) {
        this.pipeline = pipeline;
        this.settings = settings;
        this.listeners = listeners;
        this.events = events;
        this.clock = clock;
        access = IntStream.range(0, pipeline.lanes())
                .mapToObj(number -> AccessPatience.of(pipeline))
                .toList();
        failures = new LookFailures(settings);
        admin = new AdminSource(this::newAdmin, System::nanoTime);
        control = new LanesControl(pipeline, pause, () -> lanes, admin);
        starter = new Thread(this::bringUp, "tally-" + pipeline.name() + "-start");
        starter.setDaemon(true);
    }

    void start() {
        starter.start();
    }

    /**
     * Waits for the first look at the topics.
     *
     * @throws TopicProblemException if the configuration contradicts them
     */
    void awaitFirstLook(Duration patience) {
        try {
            if (!firstLook.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                log.debug("Pipeline {}: no answer from the broker within {}", pipeline.name(), patience);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        TopicProblemException found = contradiction;
        if (found != null) {
            throw found;
        }
    }

    private void bringUp() {
        try {
            TopicLayout running = null;
            int timesSetBack = clock.timesSetBack();
            while (!stopping) {
                lastLook.note();
                int before = timesSetBack;
                timesSetBack = clock.timesSetBack();
                running = running == null ? look() : watch(running, timesSetBack > before);
                firstLook.countDown();
                Thread.sleep((running == null ? LOOK_AGAIN : WATCH).toMillis());
            }
        } catch (InterruptedException e) {
            // The application is stopping.
            Thread.currentThread().interrupt();
        } finally {
            unwatched = true;
            firstLook.countDown();
        }
    }

    /** Tries to start the lanes once. Returns the layout of their topics; null if they do not run. */
    private @Nullable TopicLayout look() {
        try {
            TopicLayout layout = guard().check();
            admin.answered();
            contradiction = null;
            run(layout);
            return layout;
        } catch (RuntimeException | Error e) {
            contradiction = e instanceof TopicProblemException found && found.isContradiction() ? found : null;
            say(failures.describe(e), e);
            return null;
        }
    }

    /**
     * Looks whether broker and topics are still there. Stops the lanes if the source is not the one that they know, or
     * if their clients stand still or are out of the group for good.
     */
    private @Nullable TopicLayout watch(TopicLayout layout, boolean clockSetBack) {
        try {
            if (clockSetBack) {
                admin.renew();
            }
            String why = whyAnew(layout, clockSetBack);
            if (why != null) {
                log.warn("Pipeline {}: {}, so its lanes begin anew", pipeline.name(), why);
                halt(why);
                return null;
            }
            if (pipeline.stage() == StageKind.MERGE) {
                cleaner().clean(lanes.stream().map(LaneContainer::status).toList());
            }
        } catch (RuntimeException | Error e) {
            say(failures.describe(e), e);
        }
        return layout;
    }

    /** Why the lanes cannot go on as they are; null if they can. */
    private @Nullable String whyAnew(TopicLayout layout, boolean clockSetBack) {
        if (clockSetBack) {
            return "this host's clock was set back, and Kafka's clients would stand still for as long";
        }
        for (LaneContainer lane : lanes) {
            if (lane.isOutOfGroup()) {
                return lane.status().problem();
            }
        }
        return isUnchanged(layout) ? null : "its topics are not what they were";
    }

    /** Whether the lanes go on. They do, too, where something is wrong with a topic, which is said. */
    private boolean isUnchanged(TopicLayout layout) {
        try {
            if (!guard().isUnchanged(layout)) {
                return false;
            }
        } catch (TopicProblemException e) {
            say(failures.describe(e), e);
            return true;
        }
        admin.answered();
        if (problem != null) {
            log.info("Pipeline {}: the broker answers again, and the topics are there", pipeline.name());
            problem = null;
            said = null;
        }
        return true;
    }

    /** Starts all lanes, or none. */
    private void startAll(List<LaneContainer> containers) {
        boolean all = false;
        try {
            containers.forEach(LaneContainer::start);
            all = true;
        } finally {
            if (!all) {
                containers.forEach(LaneContainer::stop);
                awaitHalted();
            }
        }
    }

    /** @param why in the words of readiness */
    private void halt(String why) {
        synchronized (this) {
            if (stopping) {
                return;
            }
            phase = PipelineStatus.Phase.WAITING;
            problem = why;
        }
        lanes.forEach(LaneContainer::stop);
        awaitHalted();
    }

    /** Waits for the lanes to stop. Those that do not stop stay known. */
    private void awaitHalted() {
        lanes.forEach(LaneContainer::awaitStopped);
        synchronized (this) {
            lanes = lanes.stream().filter(lane -> !lane.hasStopped()).toList();
        }
    }

    private ShuffleCleaner cleaner() {
        ShuffleCleaner existing = cleaner;
        if (existing == null) {
            existing = new ShuffleCleaner(admin, pipeline);
            cleaner = existing;
        }
        return existing;
    }

    private TopicGuard guard() {
        return new TopicGuard(admin.get(), pipeline, settings.requestBytes());
    }

    private void run(TopicLayout layout) {
        awaitHalted();
        if (!lanes.isEmpty()) {
            // Old lanes must not run beside new ones.
            throw new IllegalStateException("it waits for its lanes of before to stop: " + lanes);
        }
        PipelineSpec spec = pipeline.spec();
        if (layout.compactedSource()) {
            log.info(
                    "Pipeline {}: the source topic {} is compacted (or may not be described), so every transaction checkpoints all that changed",
                    pipeline.name(),
                    pipeline.topics().source());
            spec = spec.withCheckpoint(spec.checkpoint().inEveryTransaction());
        }
        List<LaneContainer> made = new ArrayList<>();
        // By default a merge has as many lanes as the combine stage, but its topic may have fewer partitions.
        int count = Math.min(pipeline.lanes(), layout.sourcePartitions());
        for (int number = 0; number < count; number++) {
            made.add(new LaneContainer(
                    pipeline, spec, number, layout, pause, access.get(number), settings, admin, listeners, events));
        }
        synchronized (this) {
            if (stopping) {
                return;
            }
            lanes = List.copyOf(made);
        }
        startAll(made);
        synchronized (this) {
            if (stopping) {
                return;
            }
            problem = null;
            phase = PipelineStatus.Phase.RUNNING;
        }
        log.info(
                "Pipeline {} runs {}: {} ({} partitions) -> {}, lanes {}, group {}, instance {}, late {}, dead letters {},"
                        + " state {}",
                pipeline.name(),
                pipeline.topology(),
                pipeline.topics().source(),
                layout.sourcePartitions(),
                String.join(", ", pipeline.topics().sinks()),
                count,
                pipeline.groupId(),
                pipeline.instanceId(),
                pipeline.topics().late(),
                pipeline.topics().deadLetter(),
                pipeline.topics().state());
        sayWhatIsBelieved(layout);
    }

    private void sayWhatIsBelieved(TopicLayout layout) {
        if (pipeline.stage() != StageKind.MERGE) {
            log.info(
                    "Pipeline {}: event times may lie {} ahead of {}",
                    pipeline.name(),
                    Setting.TIMESTAMP_MAX_AHEAD,
                    layout.appendTime()
                            ? "the broker's timestamps (LogAppendTime)"
                            : "this host's clock when they are read, since the timestamps of "
                                    + pipeline.topics().source() + " are its producers' (CreateTime)");
        }
    }

    /** Publishes a problem, and logs it if it is new or was not logged for a while. */
    private void say(String text, Throwable cause) {
        if (stopping) {
            // The look was interrupted, so it found nothing.
            return;
        }
        problem = text;
        if (cause instanceof TopicProblemException) {
            admin.answered();
        } else {
            admin.failed();
        }
        long now = System.nanoTime();
        if (!text.equals(said) || now - saidAt > SAY_AGAIN.toNanos()) {
            said = text;
            saidAt = now;
            boolean known = cause instanceof TopicProblemException || cause instanceof KafkaException;
            log.error("Pipeline {} waits. {}", pipeline.name(), text, known ? null : cause);
        }
    }

    private Admin newAdmin() {
        Map<String, Object> configuration = new HashMap<>(settings.admin());
        configuration.put(AdminClientConfig.CLIENT_ID_CONFIG, "tally-" + pipeline.name() + "-admin");
        // Every caller tries again, so it is better to learn soon that no answer comes.
        configuration.putIfAbsent(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, 5_000);
        configuration.putIfAbsent(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, 3_000);
        new ListenerProbe(configuration, settings.protocolProperty()).requireFitting();
        return listeners.admin().apply(Admin.create(configuration));
    }

    /** Begins to stop; {@link #awaitStopped} waits for the end. */
    void stop() {
        synchronized (this) {
            stopping = true;
            phase = PipelineStatus.Phase.STOPPED;
        }
        starter.interrupt();
        lanes.forEach(LaneContainer::stop);
    }

    void awaitStopped() {
        lanes.forEach(LaneContainer::awaitStopped);
        admin.close();
    }

    PipelineStatus status() {
        List<LaneStatus> statuses = lanes.stream().map(LaneContainer::status).toList();
        return new PipelineStatus(
                pipeline.name(),
                phase,
                problem,
                !unwatched,
                lastLook.instant(),
                pipeline.topics().source(),
                String.join(", ", pipeline.topics().sinks()),
                pipeline.groupId(),
                pipeline.spec().window().grace(),
                pipeline.spec().maxOpenEntries(),
                pipeline.spec().places().findings(),
                pause.since(),
                statuses);
    }

    String name() {
        return pipeline.name();
    }

    /** What an operator may ask of it. */
    PipelineControl control() {
        return control;
    }
}
