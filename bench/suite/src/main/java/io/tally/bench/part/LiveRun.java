package io.tally.bench.part;

import static io.tally.testkafka.Answers.get;
import static org.awaitility.Awaitility.await;

import io.tally.bench.contender.Contender;
import io.tally.bench.contender.ContenderProcesses;
import io.tally.bench.ground.Bench;
import io.tally.bench.source.BenchData;
import io.tally.bench.source.PacedSource;
import io.tally.bench.source.SinkReader;
import io.tally.process.IpCountTopics;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.TopicPartition;

/**
 * Processes of one contender between a source that is written in real time and a reader of the sink. The broker notes
 * in both topics when a record was appended. All topics that came with it are gone afterwards.
 */
final class LiveRun implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration POLL = Duration.ofMillis(20);

    private final Bench bench;
    private final Contender contender;
    private final String id;
    private final int linesPerSecond;
    private final Contender.Run run;
    private final Set<String> topicsBefore;
    private final PacedSource source;
    private final SinkReader reader;
    private final ContenderProcesses processes;

    /** @param id of its group and, with suffixes, its topics */
    LiveRun(Bench bench, Contender contender, String id, int linesPerSecond, int ips) {
        this.bench = bench;
        this.contender = contender;
        this.id = id;
        this.linesPerSecond = linesPerSecond;
        String broker = bench.broker().address();
        run = new Contender.Run(broker, id + "-source", PacedSource.FORMAT, id, id + "-sink", bench.directory());
        processes = new ContenderProcesses(contender, run);
        topicsBefore = bench.topics();
        Map<String, String> settings = Map.of("message.timestamp.type", "LogAppendTime");
        bench.create(
                new NewTopic(run.source(), Bench.PARTITIONS, (short) 1).configs(settings),
                new NewTopic(run.sink(), Bench.PARTITIONS, (short) 1).configs(settings));
        reader = SinkReader.start(bench, run.sink());
        source = new PacedSource(broker, run.source(), linesPerSecond, ips);
        source.start();
    }

    /** @throws IllegalStateException if somebody who wanted to watch has seen nothing */
    void requireWatched() {
        processes.requireWatched();
    }

    /** CPU time of all processes together. */
    double cpuSeconds() {
        return processes.cpuSeconds();
    }

    /** Starts all processes. */
    void start() {
        processes.start();
    }

    /** Starts one again. */
    void start(String instance) {
        processes.start(instance);
    }

    /** SIGKILL. */
    void kill(String instance) {
        processes.kill(instance);
    }

    PacedSource source() {
        return source;
    }

    /** Waits until something is committed, and then all that was written but for the lines of a second. */
    void awaitLive() {
        awaitLive(1);
    }

    /** The same with the lines of so many seconds. */
    void awaitLive(int seconds) {
        until("the live end of the source", () -> {
            long committed = sum(committed());
            return committed > 0 && lines() - committed <= (long) seconds * linesPerSecond;
        });
    }

    /** Waits until so many members of the group share the partitions. It must have committed before. */
    void awaitMembers(int count) {
        until("members of the group", () -> {
            ConsumerGroupDescription group =
                    get(bench.admin().describeConsumerGroups(List.of(id)).all()).get(id);
            return group.groupState() == GroupState.STABLE
                    && group.members().size() == count
                    && group.members().stream()
                            .noneMatch(member ->
                                    member.assignment().topicPartitions().isEmpty());
        });
    }

    /** Waits until the source has so many seconds' lines more. */
    void awaitLines(int seconds) {
        long goal = lines() + (long) seconds * linesPerSecond;
        until("more lines of the source", PATIENCE.plusSeconds(seconds), () -> lines() >= goal);
    }

    /** How many the source has. */
    long lines() {
        return sum(source.written());
    }

    private static long sum(long[] numbers) {
        return Arrays.stream(numbers).sum();
    }

    /** The offsets that are committed, by partition. */
    long[] committed() {
        Map<TopicPartition, Long> offsets = IpCountTopics.offsets(bench.admin(), id, false);
        long[] committed = new long[Bench.PARTITIONS];
        Arrays.setAll(committed, partition -> offsets.getOrDefault(new TopicPartition(run.source(), partition), 0L));
        return committed;
    }

    /**
     * Ends the source and waits until all of it is done.
     *
     * @return all rows
     * @throws IllegalStateException if they are not what they should be
     */
    List<SinkReader.Row> finish() throws InterruptedException {
        drain(BenchData.AFTER);
        // Flink's last rows follow the offsets. None is to be read while its transaction is open.
        long rows = source.rows().count();
        until(
                "all of the sink",
                () -> reader.position() >= bench.end(run.sink(), Bench.PARTITIONS) && reader.count() >= rows);
        reader.close();
        reader.digest().requireSame(source.rows(), contender.name());
        return reader.rows();
    }

    /**
     * Ends the source and waits until all of it is committed.
     *
     * @param after seconds of event time in which the last window can close
     */
    void drain(int after) throws InterruptedException {
        source.finish(after);
        long lines = lines();
        until("all of the source", () -> sum(committed()) >= lines);
    }

    /** What has been written to topics other than the source and the sink, by topic. */
    Map<String, Long> stateBytes() {
        Set<String> topics = bench.topicsSince(topicsBefore);
        topics.removeAll(Set.of(run.source(), run.sink()));
        return bench.bytes(topics);
    }

    String sink() {
        return run.sink();
    }

    /** Waits for a condition, as long as no process ends by itself. */
    void until(String what, Callable<Boolean> condition) {
        until(what, PATIENCE, condition);
    }

    private void until(String what, Duration patience, Callable<Boolean> condition) {
        await(what + " for " + id)
                .atMost(patience)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(() -> {
                    processes.requireAlive();
                    return condition.call();
                });
    }

    @Override
    public void close() {
        source.close();
        reader.close();
        processes.close();
        bench.deleteTopicsSince(topicsBefore);
    }
}
