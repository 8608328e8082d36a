package io.tally.campaign;

import io.tally.campaign.cluster.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Rounds, one after the other, on one cluster after the other. */
final class Campaign {
    private static final int FAULTS_OF_A_ROUND = 8;

    private final Path directory =
            Path.of("target", "campaign", Long.toString(System.nanoTime())).toAbsolutePath();
    private final Report report = new Report(directory.resolve("report.txt"));
    private final List<String> wrong = new ArrayList<>();
    private int rounds;

    /** Draws rounds until the time is over, about half of them on one broker and half on three. */
    List<String> run(long seed, Duration length) {
        Instant end = Instant.now().plus(length);
        long next = seed;
        for (int clusters = 1; Instant.now().isBefore(end); clusters++) {
            int brokers = brokers(next);
            try (Cluster cluster = new Cluster(directory.resolve("cluster-" + clusters), brokers)) {
                boolean whole;
                do {
                    whole = round(cluster, RoundPlan.draw(next, brokers, FAULTS_OF_A_ROUND));
                    next = new SplittableRandom(next).nextLong();
                } while (whole && brokers(next) == brokers && Instant.now().isBefore(end));
            }
        }
        report.summary();
        return wrong;
    }

    private static int brokers(long seed) {
        return Math.floorMod(seed, 2) == 0 ? 1 : 3;
    }

    /** These rounds. */
    List<String> run(int brokers, RoundPlan... plans) {
        try (Cluster cluster = new Cluster(directory.resolve("cluster-1"), brokers)) {
            for (RoundPlan plan : plans) {
                round(cluster, plan);
            }
        }
        report.summary();
        return wrong;
    }

    /** Whether the cluster is good for another one. */
    private boolean round(Cluster cluster, RoundPlan plan) {
        rounds++;
        Path logs = directory.resolve("round-" + rounds);
        List<String> findings;
        boolean whole = true;
        try {
            findings = new Round(cluster, plan, logs, report).run(rounds);
        } catch (Exception | AssertionError e) {
            findings = List.of(e.toString());
            whole = false;
        }
        for (String finding : findings) {
            wrong.add("%s [round %d, logs in %s]".formatted(finding, rounds, logs));
            System.out.println("campaign: WRONG: " + finding);
        }
        if (!findings.isEmpty()) {
            wrong.add("-Dtally.campaign.seed=" + plan.seed() + " repeats this round: " + plan);
        }
        return whole;
    }

    int faults() {
        return report.faults();
    }
}
