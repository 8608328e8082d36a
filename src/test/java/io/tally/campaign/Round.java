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
import io.tally.process.TallyProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One pipeline from its first record to its last, and a recount. */
final class Round {
    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final Duration STILL = Duration.ofSeconds(90);

    private final Cluster cluster;
    private final int place;
    private final RoundPlan plan;
    private final int number;
    private final Path directory;
    private final Report report;
    private final List<String> wrong = new ArrayList<>();

    /** @param place of the cluster, which nobody else uses meanwhile */
    Round(Cluster cluster, int place, RoundPlan plan, int number, Path directory, Report report) {
        this.cluster = cluster;
        this.place = place;
        this.plan = plan;
        this.number = number;
        this.directory = directory;
        this.report = report;
    }

    /** Gives what is wrong. */
    List<String> run() throws Exception {
        report.round(number, plan, cluster.brokers().size());
        Topics topics = new Topics("r" + number);
        int partitions = plan.rules().partitions();
        List<String> all = List.of(topics.source(), topics.sink(), topics.late(), topics.dead());
        cluster.whole(() -> {
            for (String topic : all) {
                cluster.create(topic, partitions);
            }
            return all;
        });
        Lines lines = new Lines(plan.rules(), plan.seed(), plan.perSecond());
        Collector collector = new Collector(cluster.admin(), cluster.address(), topics, plan.rules());
        try (LiveReader live = new LiveReader(cluster.address(), topics, plan.rules());
                SourceWriter writer = new SourceWriter(
                        lines,
                        cluster.address(),
                        topics.source(),
                        partitions,
                        plan.seed(),
                        plan.transactionalSource(),
                        plan.perSecond());
                Scene scene = new Scene(cluster, place, directory, plan, topics, lines, live, collector)) {
            writer.start();
            // With a broker away, topics cannot be created.
            Map<TallyProcess, Resources> begin = cluster.whole(() -> {
                scene.start("a");
                scene.start("b");
                await("the first rows; see " + directory)
                        .atMost(PATIENCE)
                        .until(() -> live.allHaveRowsAfter(0, 0) != null);
                return resources(scene);
            });
            faults(scene, live);
            writer.finish();
            cluster.reachable(() -> {
                settle(null, collector::isDone);
                settle("the end of the source, and of all transactions", collector::isDone);
                check(collector, live);
                return scene;
            });
            compare(scene, begin);
            scene.instances().forEach((name, process) -> {
                if (!process.isLive()) {
                    wrong.add("instance " + name + " runs no more, or its liveness is down; see "
                            + process.process().log());
                }
            });
        }
        if (wrong.isEmpty()) {
            // Nothing hangs on it.
            cluster.admin().deleteTopics(all);
        }
        return wrong;
    }

    private static Map<TallyProcess, Resources> resources(Scene scene) {
        Map<TallyProcess, Resources> resources = new HashMap<>();
        scene.instances().values().forEach(instance -> resources.put(instance, Resources.of(instance)));
        return resources;
    }

    /** Those that have lived through all faults take no more than before. */
    private void compare(Scene scene, Map<TallyProcess, Resources> begin) {
        scene.instances().forEach((name, instance) -> {
            Resources before = begin.get(instance);
            if (before != null && instance.process().isAlive()) {
                Resources[] after = new Resources[1];
                settle(name + " takes more than before: " + before, () -> {
                    after[0] = Resources.of(instance);
                    return before.isAboutAsMuchAs(after[0]);
                });
                report.resources(number, name, before, after[0]);
            }
        });
    }

    private void faults(Scene scene, LiveReader live) throws Exception {
        Random random = new Random(plan.seed());
        for (FaultKind kind : plan.faults()) {
            Struck struck = inject(kind, scene, random);
            if (struck == null) {
                report.missed(number, kind);
                continue;
            }
            // Now and then the next fault finds it in the middle of its recovery.
            if (random.nextInt(4) == 0) {
                report.overlapped(number, kind);
                continue;
            }
            Long rows = awaitRows(live, struck);
            if (rows == null) {
                stalled(live, kind.name());
                report.overlapped(number, kind);
                if (!wrong.isEmpty()) {
                    return;
                }
            } else {
                long pause = live.longestPause(struck.at(), Math.max(rows, struck.over()));
                report.recovered(number, kind, struck, rows, pause);
            }
        }
        Struck last = scene.now();
        if (awaitRows(live, last) == null) {
            stalled(live, "after all faults");
        }
    }

    private @Nullable Struck inject(FaultKind kind, Scene scene, Random random) throws Exception {
        Cluster.Work<@Nullable Struck> work = () -> kind.injection().inject(scene, random);
        return kind == FaultKind.ALL_BROKERS_AWAY ? cluster.outage(work) : cluster.reachable(work);
    }

    /** To be behind is not wrong on a busy machine, to stand still is. */
    private void stalled(LiveReader live, String when) {
        if (Math.min(live.silence(), System.nanoTime() - cluster.calmSince()) > STILL.toNanos()) {
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
        long begin = System.nanoTime();
        boolean[] reached = new boolean[1];
        await().forever()
                .pollInterval(Duration.ofMillis(50))
                // A broker is not quite there yet.
                .ignoreExceptionsInstanceOf(IllegalStateException.class)
                .until(() -> {
                    boolean over = isOver(begin);
                    try {
                        reached[0] = condition.getAsBoolean();
                    } catch (IllegalStateException e) {
                        if (!over) {
                            throw e;
                        }
                    }
                    return reached[0] || over;
                });
        if (what != null && !reached[0]) {
            wrong.add("not reached within " + PATIENCE + ": " + what);
        }
    }

    /** While all brokers are away nobody can wait for anything. */
    private boolean isOver(long begin) {
        return System.nanoTime() - Math.max(begin, cluster.calmSince()) > PATIENCE.toNanos();
    }

    private void check(Collector collector, LiveReader live) {
        Expectation expected =
                new Expectation(plan.rules(), collector.collect(live.seen()).source());
        // Behind a shuffle the last rows come after the source was read.
        settle(null, () -> live.finalRows() >= expected.rows() && live.total() >= expected.total());
        settle(null, collector::isDone);
        Evidence evidence = collector.collect(live.seen());
        settle(null, () -> live.hasSeen(evidence.after()));
        Evidence whole = new Evidence(
                evidence.source(),
                evidence.after(),
                live.seen(),
                evidence.commits(),
                evidence.state(),
                evidence.ends(),
                evidence.committed());
        Checker.Verdict verdict = Checker.check(expected, whole);
        wrong.addAll(verdict.wrong());
        int red = 0;
        if (verdict.isGreen()) {
            List<Mutation> unnoticed = Mutation.unnoticed(expected, whole, plan.seed());
            unnoticed.forEach(mutation -> wrong.add("the checker does not notice " + mutation));
            red = Mutation.of(whole, plan.rules()).size() - unnoticed.size();
        }
        report.checked(
                number,
                whole.source().size(),
                whole.after().sink().size(),
                verdict.wrongRows(),
                whole.commits().size(),
                whole.state().size(),
                red,
                wrong.size());
    }
}
