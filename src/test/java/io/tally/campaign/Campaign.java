package io.tally.campaign;

import io.tally.campaign.cluster.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Rounds on one cluster after the other, several side by side. */
final class Campaign {
    private static final int FAULTS_OF_A_ROUND = Integer.getInteger("tally.campaign.faults-of-a-round", 12);
    /** Mostly they wait. On three brokers, of which each takes its part of the machine, it is one. */
    private static final int SIDE_BY_SIDE = Integer.getInteger("tally.campaign.side-by-side", 3);
    /** 1 or 3; 0 for both in turn. */
    private static final int BROKERS = Integer.getInteger("tally.campaign.brokers", 0);
    /** Rounds of each place on a cluster. */
    private static final int ROUNDS = 3;

    private final Path directory =
            Path.of("target", "campaign", Long.toString(System.nanoTime())).toAbsolutePath();
    private final Report report = new Report(Path.of(System.getProperty(
            "tally.campaign.report", directory.resolve("report.txt").toString())));
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final AtomicInteger rounds = new AtomicInteger();

    /**
     * Draws rounds until the time is over, on one broker or three. The first one is that of the seed, which says itself
     * on how many: on one if it is even.
     */
    List<String> run(long seed, Duration length) {
        Instant end = Instant.now().plus(length);
        SplittableRandom seeds = new SplittableRandom(seed);
        long first = BROKERS == 0 ? seed : fitting(seed, BROKERS);
        for (int clusters = 1; isTimeLeft(end); clusters++) {
            int brokers = brokers(first);
            int sideBySide = brokers == 1 ? SIDE_BY_SIDE : 1;
            try (Cluster cluster = new Cluster(directory.resolve("cluster-" + clusters), brokers, sideBySide)) {
                AtomicBoolean whole = new AtomicBoolean(true);
                List<Runnable> places = new ArrayList<>();
                for (int place = 0; place < sideBySide; place++) {
                    SplittableRandom own = seeds.split();
                    int number = place;
                    long begin = place == 0 ? first : next(own, brokers);
                    places.add(() -> rounds(cluster, number, begin, own, end, whole));
                }
                together(places);
            }
            first = BROKERS == 0 ? seeds.nextLong() : next(seeds, BROKERS);
        }
        report.summary();
        return wrong;
    }

    private boolean isTimeLeft(Instant end) {
        return Instant.now().isBefore(end) && (wrong.isEmpty() || !Boolean.getBoolean("tally.campaign.until-red"));
    }

    private void rounds(
            Cluster cluster, int place, long first, SplittableRandom seeds, Instant end, AtomicBoolean whole) {
        long seed = first;
        int brokers = cluster.brokers().size();
        for (int i = 0; i < ROUNDS && whole.get() && isTimeLeft(end); i++) {
            if (!round(cluster, place, RoundPlan.draw(seed, brokers, FAULTS_OF_A_ROUND))) {
                whole.set(false);
            }
            seed = next(seeds, brokers);
        }
    }

    private static void together(List<Runnable> tasks) {
        ExecutorService threads = Executors.newFixedThreadPool(tasks.size());
        try {
            List<Future<?>> running = new ArrayList<>();
            tasks.forEach(task -> running.add(threads.submit(task)));
            for (Future<?> task : running) {
                task.get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            threads.shutdownNow();
        }
    }

    private static int brokers(long seed) {
        return Math.floorMod(seed, 2) == 0 ? 1 : 3;
    }

    private static long next(SplittableRandom seeds, int brokers) {
        return fitting(seeds.nextLong(), brokers);
    }

    /** This one, or the next to it that is for so many brokers. */
    private static long fitting(long seed, int brokers) {
        return seed & ~1L | (brokers == 1 ? 0 : 1);
    }

    /** These rounds, one after the other. */
    List<String> run(int brokers, RoundPlan... plans) {
        try (Cluster cluster = new Cluster(directory.resolve("cluster-1"), brokers, 1)) {
            for (RoundPlan plan : plans) {
                round(cluster, 0, plan);
            }
        }
        report.summary();
        return wrong;
    }

    /** Whether the cluster is good for another one. */
    private boolean round(Cluster cluster, int place, RoundPlan plan) {
        int number = rounds.incrementAndGet();
        Path logs = directory.resolve("round-" + number);
        List<String> findings;
        boolean whole = true;
        try {
            findings = new Round(cluster, place, plan, number, logs, report).run();
        } catch (Exception | AssertionError e) {
            findings = List.of(e.toString());
            whole = false;
        }
        for (String finding : findings) {
            wrong.add("%s [round %d, logs in %s]".formatted(finding, number, logs));
            System.out.println("campaign: WRONG: " + finding + " [round " + number + ", logs in " + logs + "]");
        }
        if (!findings.isEmpty()) {
            String repeat = "-Dtally.campaign.seed=" + plan.seed() + " repeats this round: " + plan;
            wrong.add(repeat);
            System.out.println("campaign: " + repeat);
        }
        return whole;
    }

    int faults() {
        return report.faults();
    }
}
