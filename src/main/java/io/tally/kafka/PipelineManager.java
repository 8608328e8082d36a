package io.tally.kafka;

import io.tally.kafka.client.ClientListeners;
import io.tally.kafka.client.ClientSettings;
import io.tally.kafka.client.NativeLz4;
import io.tally.kafka.topic.TopicProblemException;
import io.tally.kafka.transaction.EndAll;
import io.tally.pipeline.control.PipelineControl;
import io.tally.pipeline.control.PipelineControls;
import io.tally.pipeline.status.PipelineEvents;
import io.tally.pipeline.status.PipelineStatus;
import io.tally.pipeline.status.Pipelines;
import io.tally.plan.KafkaPipeline;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs every pipeline. They may {@link #begin} before the rest of the application is there, since they need little of
 * it; the last step of a start is to check whether the configuration suits the topics. They stop before anything else,
 * so that their last transactions commit while everything they need is still there. The default lifecycle phase ensures
 * both.
 */
public final class PipelineManager implements SmartLifecycle, Pipelines, PipelineControls, AutoCloseable {
    /** How long the start waits for the first look at the topics, to refuse a configuration that contradicts them. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(5);

    private final ClockWatch clock = new ClockWatch(Instant::now, System::nanoTime);
    private final List<PipelineRunner> runners;
    private final AtomicBoolean begun = new AtomicBoolean();
    private volatile boolean stopped;
    private volatile boolean running;

    /**
     * Makes the runners.
     *
     * @param settings the client settings of each pipeline; the stages of one have the same
     */
    public PipelineManager(
            List<KafkaPipeline> pipelines,
            Function<KafkaPipeline, ClientSettings> settings,
            ClientListeners listeners,
            PipelineEvents events) {
        NativeLz4.load();
        runners = pipelines.stream()
                .map(pipeline -> new PipelineRunner(pipeline, settings.apply(pipeline), listeners, events, clock))
                .toList();
    }

    /** Starts all pipelines unless they run already, and waits for nothing. */
    public void begin() {
        if (begun.compareAndSet(false, true)) {
            clock.start();
            runners.forEach(PipelineRunner::start);
        }
    }

    @Override
    public void start() {
        running = true;
        begin();
        try {
            long deadline = System.nanoTime() + FIRST_LOOK.toNanos();
            runners.forEach(runner -> runner.awaitFirstLook(Duration.ofNanos(deadline - System.nanoTime())));
        } catch (TopicProblemException e) {
            stop();
            throw e;
        }
    }

    @Override
    public void stop() {
        clock.close();
        try {
            EndAll.all(runners.stream().map(runner -> (Runnable) runner::stop).toArray(Runnable[]::new));
        } finally {
            EndAll.all(runners.stream()
                    .map(runner -> (Runnable) runner::awaitStopped)
                    .toArray(Runnable[]::new));
            running = false;
            stopped = true;
        }
    }

    /** If the application fails to start after they have begun, nobody else stops them. */
    @Override
    public void close() {
        if (begun.get() && !stopped) {
            stop();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    @Override
    @Nullable
    public PipelineControl of(String pipeline) {
        return runners.stream()
                .filter(runner -> runner.name().equals(pipeline))
                .map(PipelineRunner::control)
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<PipelineStatus> statuses() {
        return runners.stream().map(PipelineRunner::status).toList();
    }
}
