package io.tally.bench.part;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.PackagedForms;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** How long a killed process is missed, under a load that goes on meanwhile. */
public record Recovery(int linesPerSecond, int ips) implements Part {
    private static final int KILLS = Integer.getInteger("bench.kills");
    /** Between kills, so that each finds a process that has been working for a while. */
    private static final int CALM_SECONDS = 5;

    /** That of Tally, in seconds. */
    static final int SESSION_TIMEOUT = 10;

    private static final String SESSION = "consumer.session.timeout.ms=" + SESSION_TIMEOUT + "000";

    private static final Scenario STATIC_STREAMS = Scenario.restart(
            Contender.streams(1, true, Contender.STREAMS_COMMITS, SESSION, "main.consumer.group.instance.id=a")
                    .named("Kafka Streams, in memory, 1 thread, static member"));

    @Override
    public String measure(Bench bench) throws Exception {
        Rounds<Outage> kills = new Rounds<>();
        List<Scenario> scenarios = scenarios();
        for (int number = 0; number < scenarios.size(); number++) {
            Scenario scenario = scenarios.get(number);
            if (scenario.contender().isWanted()) {
                for (Outage outage : measure(bench, scenario, "bench-recovery-" + number)) {
                    bench.keep("recovery", outage);
                    kills.add(scenario.name(), outage);
                }
            }
        }
        return RecoveryReport.markdown(this, kills, STATIC_STREAMS);
    }

    private static List<Scenario> scenarios() {
        return List.of(
                Scenario.restart(Contender.tally(1)),
                Scenario.restart(PackagedForms.distribution()),
                Scenario.restart(Contender.streams(1, true, Contender.STREAMS_COMMITS, SESSION)),
                STATIC_STREAMS,
                Scenario.restart(Contender.flink(1, Latency.CHECKPOINT_MILLIS)),
                Scenario.takeOver(Contender.tallyTwice()));
    }

    private List<Outage> measure(Bench bench, Scenario scenario, String id) throws Exception {
        try (LiveRun run = new LiveRun(bench, scenario.contender(), id, linesPerSecond, ips)) {
            run.start();
            List<Outage> outages = new ArrayList<>();
            for (int kill = 0; kill < KILLS; kill++) {
                run.awaitLive();
                if (scenario.contender().joinsGroup()) {
                    run.awaitMembers(scenario.contender().instances().size());
                }
                // A member may own partitions that it does not work on yet.
                awaitCommits(run, run.source().written());
                run.awaitLive();
                run.awaitLines(CALM_SECONDS);
                outages.add(kill(run, scenario));
                if (!scenario.isRestart()) {
                    run.start(scenario.victim());
                }
            }
            run.finish();
            return outages;
        }
    }

    private static Outage kill(LiveRun run, Scenario scenario) {
        long killed = System.nanoTime();
        run.kill(scenario.victim());
        // The victim's last commit may still be under way, but it cannot have reached beyond this.
        long[] written = run.source().written();
        long restarted = System.nanoTime();
        if (scenario.isRestart()) {
            run.start(scenario.victim());
        }
        run.until("a commit", () -> isAnyBeyond(run.committed(), written));
        @Nullable Double restartToCommit = scenario.isRestart() ? Moment.secondsSince(restarted) : null;
        double toCommit = Moment.secondsSince(killed);
        awaitCommits(run, written);
        double toAllPartitions = Moment.secondsSince(killed);
        run.awaitLive();
        return new Outage(scenario.name(), restartToCommit, toCommit, toAllPartitions, Moment.secondsSince(killed));
    }

    /** Waits until more than that has been committed in each partition. */
    private static void awaitCommits(LiveRun run, long[] written) {
        run.until("commits in all partitions", () -> areAllBeyond(run.committed(), written));
    }

    private static boolean isAnyBeyond(long[] committed, long[] written) {
        return IntStream.range(0, written.length).anyMatch(partition -> committed[partition] > written[partition]);
    }

    private static boolean areAllBeyond(long[] committed, long[] written) {
        return IntStream.range(0, written.length).allMatch(partition -> committed[partition] > written[partition]);
    }
}
