package io.tally.campaign;

import static org.awaitility.Awaitility.await;

import io.tally.campaign.check.Checker;
import io.tally.campaign.check.Evidence;
import io.tally.campaign.check.Expectation;
import io.tally.campaign.check.Mutation;
import io.tally.campaign.cluster.Cluster;
import io.tally.campaign.load.Lines;
import io.tally.campaign.load.SourceWriter;
import io.tally.campaign.read.Collector;
import io.tally.campaign.read.LiveReader;
import io.tally.campaign.read.Topics;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** One pipeline from its first record to its last, and a recount. */
final class Round {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Duration STILL = Duration.ofSeconds(45);

    private final Cluster cluster;
    private final RoundPlan plan;
    private final Path directory;
    private final Report report;
    private final List<String> wrong = new ArrayList<>();

    Round(Cluster cluster, RoundPlan plan, Path directory, Report report) {
        this.cluster = cluster;
        this.plan = plan;
        this.directory = directory;
        this.report = report;
    }

    /** Gives what is wrong. */
    List<String> run(int number) throws Exception {
        report.round(plan, cluster.brokers().size());
        Topics topics = new Topics("r" + number);
        int partitions = plan.rules().partitions();
        for (String topic : List.of(topics.source(), topics.sink(), topics.late(), topics.dead())) {
            cluster.create(topic, partitions);
        }
        Lines lines = new Lines(plan.rules(), plan.seed(), plan.perSecond());
        Collector collector = new Collector(cluster.admin(), cluster.address(), topics, partitions);
        String[] arguments = plan.arguments(topics.pipeline(), topics.source(), topics.sink());
        try (LiveReader live = new LiveReader(cluster.address(), topics, plan.rules());
                SourceWriter writer = new SourceWriter(
                        lines,
                        cluster.address(),
                        topics.source(),
                        partitions,
                        plan.seed(),
                        plan.transactionalSource());
                Scene scene = new Scene(cluster, directory, arguments, topics, lines, live, collector)) {
            writer.start(plan.perSecond());
            scene.start("a");
            scene.start("b");
            await("the first rows; see " + directory).atMost(PATIENCE).until(() -> live.allHaveRowsAfter(0, 0) != null);
            faults(scene, live);
            writer.finish();
            settle(null, collector::isDone);
            settle("the end of the source, and of all transactions", collector::isDone);
            check(collector, live);
            scene.instances().forEach((name, process) -> {
                if (!process.isLive()) {
                    wrong.add("instance " + name + " runs no more, or its liveness is down; see "
                            + process.process().log());
                }
            });
        }
        for (String topic : List.of(topics.source(), topics.sink(), topics.late(), topics.dead())) {
            if (!wrong.isEmpty()) {
                break;
            }
            cluster.admin().deleteTopics(List.of(topic)).all().get();
        }
        return wrong;
    }

    private void faults(Scene scene, LiveReader live) throws Exception {
        Random random = new Random(plan.seed());
        for (FaultKind kind : plan.faults()) {
            Struck struck = kind.injection().inject(scene, random);
            if (struck == null) {
                report.missed(kind);
                continue;
            }
            // Now and then the next fault finds it in the middle of its recovery.
            if (random.nextInt(5) == 0) {
                report.overlapped(kind);
                continue;
            }
            Long rows = awaitRows(live, struck);
            if (rows == null) {
                stalled(live, kind.name());
                report.overlapped(kind);
            } else {
                report.recovered(kind, struck, rows, live.longestPause(struck.at(), Math.max(rows, struck.over())));
            }
        }
        Struck last = scene.now();
        if (awaitRows(live, last) == null) {
            stalled(live, "after all faults");
        }
    }

    /** To be behind is not wrong on a busy machine, to stand still is. */
    private void stalled(LiveReader live, String when) {
        if (live.silence() > STILL.toNanos()) {
            wrong.add(when + ": a partition of the sink has had no row for more than " + STILL);
        }
    }

    /** Rows of windows that were open when it struck. */
    private @Nullable Long awaitRows(LiveReader live, Struck struck) {
        long end = struck.eventTime() - plan.rules().grace();
        settle(null, () -> live.allHaveRowsAfter(end, struck.at()) != null);
        return live.allHaveRowsAfter(end, struck.at());
    }

    /** Waits in vain at most so long; the recount will say what is missing. */
    private void settle(@Nullable String what, BooleanSupplier condition) {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(50))
                    // A broker is not quite there yet.
                    .ignoreExceptionsInstanceOf(IllegalStateException.class)
                    .until(condition::getAsBoolean);
        } catch (ConditionTimeoutException e) {
            if (what != null) {
                wrong.add("not reached within " + PATIENCE + ": " + what);
            }
        }
    }

    private void check(Collector collector, LiveReader live) {
        Expectation expected =
                new Expectation(plan.rules(), collector.collect(live.seen()).source());
        // Behind a shuffle the last rows come after the source was read.
        settle(null, () -> live.finalRows() >= expected.rows());
        settle(null, collector::isDone);
        Evidence evidence = collector.collect(live.seen());
        settle(null, () -> live.hasSeen(evidence.after()));
        Evidence whole = new Evidence(
                evidence.source(),
                evidence.after(),
                live.seen(),
                evidence.commits(),
                evidence.ends(),
                evidence.committed());
        Checker.Verdict verdict = Checker.check(expected, whole);
        wrong.addAll(verdict.wrong());
        int red = 0;
        if (verdict.isGreen()) {
            List<Mutation> unnoticed = Mutation.unnoticed(expected, whole, plan.seed());
            unnoticed.forEach(mutation -> wrong.add("the checker does not notice " + mutation));
            red = Mutation.values().length - unnoticed.size();
        }
        report.checked(
                whole.source().size(),
                whole.after().sink().size(),
                verdict.wrongRows(),
                whole.commits().size(),
                red);
    }
}
