package io.tally.bench.part;

import static org.awaitility.Awaitility.await;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.ContenderProcesses;
import io.tally.bench.contender.PackagedForms;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Markdown;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.Moment;
import io.tally.bench.source.RecordFormat;
import io.tally.bench.source.SourceSpec;
import io.tally.process.IpCountTopics;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.admin.NewTopic;

/** How long the application takes from the start of its process to its first commit, in each of its packaged forms. */
public final class StartUp implements Part {
    private static final String NAME = "start-up";
    private static final int STARTS = Integer.getInteger("bench.starts");
    /** Little enough for one poll. */
    private static final int LINES = 20_000;

    private static final String SINK = NAME + "-sink";
    private static final String STARTED = "Started TallyApplication";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration POLL = Duration.ofMillis(20);

    private int starts;

    @Override
    public String measure(Bench bench) throws Exception {
        BenchData data = BenchData.write(bench, SourceSpec.of(NAME, RecordFormat.TEXT, LINES, 1_000));
        bench.create(new NewTopic(SINK, data.source().partitions(), (short) 1));
        List<Contender> forms = PackagedForms.make(bench.directory());
        Rounds<Start> rounds = new Rounds<>();
        for (int round = 1; round <= STARTS; round++) {
            for (Contender form : Contender.inRound(round, forms)) {
                Start start = start(bench, data.source(), form);
                bench.keep(NAME, start);
                rounds.add(form.name(), start);
            }
        }
        bench.admin().deleteTopics(List.of(NAME, SINK)).all().get();
        return report(rounds);
    }

    /** Each start has a group of its own, so that there is something to commit. */
    private Start start(Bench bench, SourceSpec source, Contender form) {
        String group = NAME + "-" + ++starts;
        Contender.Run run = new Contender.Run(
                bench.broker().address(), source.topic(), source.format(), group, SINK, bench.directory());
        try (ContenderProcesses processes = new ContenderProcesses(form, run)) {
            long began = System.nanoTime();
            processes.start();
            double[] started = new double[1];
            double[] committed = new double[1];
            await("the start of " + group)
                    .atMost(PATIENCE)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .until(() -> {
                        processes.requireAlive();
                        double seconds = Moment.secondsSince(began);
                        if (started[0] == 0 && processes.output().contains(STARTED)) {
                            started[0] = seconds;
                        }
                        if (committed[0] == 0 && IpCountTopics.committed(bench.admin(), group, NAME) > 0) {
                            committed[0] = seconds;
                        }
                        return started[0] > 0 && committed[0] > 0;
                    });
            Start start = new Start(form.name(), started[0], committed[0], processes.cpuSeconds());
            processes.terminate(PATIENCE);
            return start;
        }
    }

    private static String report(Rounds<Start> rounds) {
        Markdown text = new Markdown()
                .paragraph("## %s", NAME)
                .paragraph(
                        "Median of %d starts (smallest to largest), in seconds from the start of the process.", STARTS);
        text.head("", "started", "first commit", "CPU time");
        rounds.figures(text, Start::secondsToStarted, Start::secondsToFirstCommit, Start::cpu);
        return text.end().toString();
    }
}
