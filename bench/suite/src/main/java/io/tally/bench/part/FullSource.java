package io.tally.bench.part;

import static org.awaitility.Awaitility.await;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.ContenderProcesses;
import io.tally.bench.contender.ProcessUse;
import io.tally.bench.ground.Bench;
import io.tally.bench.ground.Rounds;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.Moment;
import io.tally.bench.source.RowDigest;
import io.tally.bench.source.SourceSpec;
import io.tally.process.IpCountTopics;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.LongFunction;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Measures how fast contenders get through a source that is full already, and checks that the rows are right. Each run
 * has a group and a sink of its own, which are gone afterwards.
 */
public final class FullSource {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final Duration POLL = Duration.ofMillis(20);

    /** When a run is at its end. */
    public enum End {
        /** When the last line is committed, and the rows with it. */
        LAST_LINE,
        /** When the last row can be read: for systems whose rows follow the source's offsets. */
        LAST_ROW
    }

    private final Bench bench;
    private final Admin admin;
    private final BenchData data;
    private final End end;
    private int runs;

    public FullSource(Bench bench, BenchData data, End end) {
        this.bench = bench;
        this.admin = bench.admin();
        this.data = data;
        this.end = end;
    }

    /** As many rounds as the user wants, in each of which the contenders that he wants run in turn. */
    Rounds<Measurement> rounds(List<Contender> contenders) throws IOException {
        Rounds<Measurement> rounds = new Rounds<>();
        for (int round = 1; round <= Bench.ROUNDS; round++) {
            for (Contender contender : Contender.inRound(round, contenders)) {
                Measurement measurement = run(contender);
                bench.keep(data.source().topic(), measurement);
                rounds.add(contender.name(), measurement);
            }
        }
        return rounds;
    }

    /**
     * One run.
     *
     * @throws IllegalStateException if the contender ends by itself or its rows are wrong
     */
    public Measurement run(Contender contender) {
        SourceSpec source = data.source();
        String id = "bench-" + source.topic() + "-" + ++runs;
        Contender.Run run = new Contender.Run(
                bench.broker().address(), source.topic(), source.format(), id, id + "-sink", bench.directory());
        Set<String> before = bench.topics();
        // Some give rows the time of their window, which is long past: the broker would delete what they have written.
        NewTopic sink = new NewTopic(run.sink(), source.partitions(), (short) 1).configs(Map.of("retention.ms", "-1"));
        bench.create(sink);
        try {
            return measure(contender, run, before);
        } finally {
            bench.deleteTopicsSince(before);
        }
    }

    private Measurement measure(Contender contender, Contender.Run run, Set<String> before) {
        long began = System.nanoTime();
        long broker = bench.broker().pid();
        Progress progress = new Progress(data.records(), ProcessUse.cpuSeconds(broker));
        try (ContenderProcesses processes = new ContenderProcesses(contender, run)) {
            processes.start();
            LongFunction<Progress.Commit> commit = lines -> new Progress.Commit(
                    lines, Moment.secondsSince(began), processes.cpuSeconds(), ProcessUse.cpuSeconds(broker));
            if (end == End.LAST_ROW) {
                awaitLines(contender, run, processes, progress.warm(), progress, commit);
                audit(contender, run, processes);
                progress.add(commit.apply(data.records()));
            } else {
                awaitLines(contender, run, processes, data.records(), progress, commit);
            }
            processes.requireWatched();
            long memory = processes.peakMebibytes();
            if (end == End.LAST_LINE && contender.writesRows()) {
                audit(contender, run, processes);
            }
            Map<String, Long> bytes = bench.bytes(bench.topicsSince(before));
            long sink = bytes.getOrDefault(run.sink(), 0L);
            long all = bytes.values().stream().mapToLong(Long::longValue).sum();
            Progress.Span steady = progress.steady();
            return new Measurement(
                    contender.name(),
                    steady.rate(),
                    progress.whole().rate(),
                    steady.cpuPerMillion(),
                    steady.brokerCpuPerMillion(),
                    progress.secondsToFirstCommit(),
                    memory,
                    sink,
                    all - sink + contender.stateBytes(processes.output()));
        }
    }

    /** Waits until the group has committed that many lines, and notes the commits on the way. */
    private void awaitLines(
            Contender contender,
            Contender.Run run,
            ContenderProcesses processes,
            long lines,
            Progress progress,
            LongFunction<Progress.Commit> commit) {
        AllAtWork start = new AllAtWork(bench, contender, run.group());
        until(run.group(), PATIENCE, POLL, () -> {
            processes.requireAlive();
            long committed = IpCountTopics.committed(admin, run.group(), run.source());
            if (committed > progress.lines()) {
                progress.add(commit.apply(committed));
                if (!start.isReached()) {
                    progress.stillStarting();
                }
            }
            return committed >= lines;
        });
    }

    /** Reads the rows, while they come or afterwards, and compares them. */
    private void audit(Contender contender, Contender.Run run, ContenderProcesses processes) {
        RowDigest rows = new RowDigest();
        try (KafkaConsumer<byte[], byte[]> consumer =
                bench.sinkConsumer(run.sink(), data.source().partitions())) {
            until("the rows of " + contender.name(), PATIENCE, Duration.ZERO, () -> {
                processes.requireAlive();
                for (ConsumerRecord<byte[], byte[]> row : consumer.poll(Duration.ofMillis(200))) {
                    rows.add(row.value());
                }
                return rows.count() >= data.rows().count() && atEnd(consumer);
            });
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    contender.name() + " has written " + rows.count() + " rows of "
                            + data.rows().count() + " after " + PATIENCE,
                    e);
        }
        rows.requireSame(data.rows(), contender.name());
    }

    private static boolean atEnd(KafkaConsumer<?, ?> consumer) {
        return consumer.endOffsets(consumer.assignment()).entrySet().stream()
                .allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
    }

    private static void until(String what, Duration patience, Duration poll, Callable<Boolean> condition) {
        await(what).atMost(patience).pollDelay(Duration.ZERO).pollInterval(poll).until(condition);
    }
}
