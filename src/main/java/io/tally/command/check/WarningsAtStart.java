package io.tally.command.check;

import io.tally.kafka.client.ClientSettings;
import io.tally.pipeline.log.LogException;
import io.tally.plan.KafkaPipeline;
import io.tally.plan.PipelineDefinition;
import io.tally.plan.cluster.ClusterFacts;
import io.tally.plan.cluster.ClusterReader;
import io.tally.plan.cluster.Finding;
import io.tally.plan.cluster.Finding.Severity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs at start what {@link Check} would warn of: replicas, limits of the brokers, clocks. The start itself goes by all
 * else that a check looks at. It has a thread and clients of its own, and keeps nobody waiting.
 */
final class WarningsAtStart implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(WarningsAtStart.class);

    /** If the broker is away, the pipeline that waits for it says so. */
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(30);

    private final Function<PipelineDefinition, ClientSettings> settings;
    private final Function<PipelineDefinition, ClusterReader> clusters;
    private final Consumer<String> log;
    private final CountDownLatch closed = new CountDownLatch(1);
    /** Topics that several pipelines use are warned of once, and so are the brokers. */
    private final Set<Finding> said = new HashSet<>();

    /** @param clusters opens a reader of facts about the cluster of a pipeline */
    WarningsAtStart(
            Function<PipelineDefinition, ClientSettings> settings,
            Function<PipelineDefinition, ClusterReader> clusters) {
        this(settings, clusters, LOG::warn);
    }

    /** @param log where each warning goes */
    WarningsAtStart(
            Function<PipelineDefinition, ClientSettings> settings,
            Function<PipelineDefinition, ClusterReader> clusters,
            Consumer<String> log) {
        this.settings = settings;
        this.clusters = clusters;
        this.log = log;
    }

    /** Looks, as soon as the brokers answer, and once. */
    void start(List<PipelineDefinition> pipelines) {
        Thread thread = new Thread(() -> look(pipelines), "tally-check");
        thread.setDaemon(true);
        thread.start();
    }

    private void look(List<PipelineDefinition> pipelines) {
        List<PipelineDefinition> left = new ArrayList<>(pipelines);
        try {
            do {
                left.removeIf(this::warn);
            } while (!left.isEmpty() && !closed.await(BETWEEN_TRIES.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            LOG.info("The cluster could not be checked; the command check says more", e);
        }
    }

    /**
     * Warns of a pipeline's cluster.
     *
     * @return false if the brokers do not answer
     */
    boolean warn(PipelineDefinition definition) {
        ClientLimits clients = ClientLimits.of(settings.apply(definition));
        List<KafkaPipeline> stages = definition.on(Check.INSTANCE, false);
        try (ClusterReader reader = clusters.apply(definition)) {
            ClusterReader.Question all = Check.question(stages);
            ClusterFacts cluster =
                    reader.facts(new ClusterReader.Question(all.topics(), all.clocks(), Set.of(), Set.of()));
            for (KafkaPipeline stage : stages) {
                warn(definition, new Subject(stage, clients, cluster));
            }
            return true;
        } catch (LogException e) {
            return false;
        }
    }

    private void warn(PipelineDefinition definition, Subject subject) {
        List<Finding> findings = new ArrayList<>(ReplicaChecks.of(subject));
        // The least permissions do not include that to read the brokers' settings.
        if (subject.cluster().settings() != null) {
            findings.addAll(LimitChecks.of(subject));
        }
        findings.addAll(ClockChecks.of(subject));
        for (Finding finding : findings) {
            if (finding.severity() != Severity.OK && said.add(finding)) {
                log.accept("Pipeline " + definition.name() + ", " + finding.where() + ", " + finding.what() + ": "
                        + finding.text() + " Remedy: " + finding.remedy());
            }
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}
