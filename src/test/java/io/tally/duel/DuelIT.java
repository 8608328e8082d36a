package io.tally.duel;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import io.tally.plan.Topics;
import io.tally.testkafka.Answers;
import io.tally.testkafka.Log;
import io.tally.testkafka.Reference;
import io.tally.testkafka.ShuffleReference;
import io.tally.testkafka.TestBed;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * One log, many histories: how many different sink contents does a system make? Tally and Kafka Streams count the same
 * log again and again, while they are killed, restarted and joined by others at the same records. Only with
 * {@code -Dtally.duel.minutes=15}; {@code -Dtally.duel.seed=N} has the same histories again, as far as time allows.
 */
@EnabledIfSystemProperty(named = "tally.duel.minutes", matches = "\\d+")
class DuelIT {
    private static final int SINK_PARTITIONS = 2;

    @RegisterExtension
    final TestBed bed = new TestBed(DuelLog.PARTITIONS);

    @TempDir
    Path directory;

    /** Clients of dead processes complain, as they must. */
    @BeforeAll
    static void beSilent() {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).detachAndStopAllAppenders();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void tallyMakesOneContentOfALogWhateverHappens(boolean spread) {
        long seed = Long.getLong("tally.duel.seed", System.nanoTime() & 0xffffff);
        Random random = new Random(seed);
        DuelLog log = new DuelLog(spread);
        int records = log.write(bed.input(), random);
        List<String> right = right(log, spread);
        DuelScore tally = new DuelScore(right);
        DuelScore streams = new DuelScore(right);
        long end = System.nanoTime()
                + Duration.ofMinutes(Integer.getInteger("tally.duel.minutes")).toNanos() / 2;
        while (System.nanoTime() < end) {
            DuelHistory history = DuelHistory.of(random, records);
            String name = bed.groupId() + "-" + tally.histories();
            CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> {
                String sink = name + "-streams-sink";
                return run(
                        log,
                        history,
                        sink,
                        () -> new StreamsDuellist(
                                spread,
                                bed.bootstrap(),
                                name + "-streams",
                                bed.topics().source(),
                                sink,
                                directory));
            });
            Topics topics =
                    new Topics(bed.topics().source(), name + "-sink", name + "-late", name + "-dlt", name + "-state");
            tally.add(run(log, history, topics.sink(), () -> new TallyDuellist(spread, name, topics, bed.settings())));
            streams.add(other.join());
            deleteTopics(name);
        }
        String how = spread ? "keys in all partitions" : "each key in one partition";
        System.out.printf(
                "The duel with seed %d, %s, %d records, %d rows:%n  Tally: %s%n  Kafka Streams: %s%n",
                seed, how, records, right.size(), tally, streams);
        assertThat(tally.contents()).as("contents that Tally made").isEqualTo(1);
        assertThat(tally.timesRight()).isEqualTo(tally.histories());
    }

    /** The rows that the log means, by the rule of Tally, but for those that tell the end. */
    private List<String> right(DuelLog log, boolean spread) {
        List<ConsumerRecord<byte[], byte[]>> source =
                bed.log().read(bed.topics().source());
        List<String> rows = new ArrayList<>();
        if (spread) {
            ShuffleReference reference = new ShuffleReference();
            source.forEach(reference::add);
            rows.addAll(reference.rows());
        } else {
            Map<Integer, Reference> references = new TreeMap<>();
            source.forEach(record -> references
                    .computeIfAbsent(record.partition(), any -> new Reference())
                    .add(record));
            references.values().forEach(reference -> rows.addAll(reference.rows));
        }
        return rows.stream()
                .filter(row -> !log.isLast(row))
                .map(row -> row.split(" "))
                .map(fields -> fields[0] + " " + fields[1] + " " + fields[2])
                .sorted()
                .toList();
    }

    /** Gives the rows that the sink holds in the end, but for those that tell the end. */
    private List<String> run(DuelLog log, DuelHistory history, String sink, Supplier<Duellist> system) {
        bed.create(new NewTopic(sink, SINK_PARTITIONS, (short) 1));
        try (Duellist duellist = system.get();
                DuelSink rows = new DuelSink(bed.bootstrap(), sink, SINK_PARTITIONS, log)) {
            new DuelRun(duellist, rows::isComplete).through(history);
        } catch (ConditionTimeoutException e) {
            System.out.println(sink + " did not get all rows after " + history + ": " + e.getMessage());
        }
        return bed.log().read(sink).stream()
                .map(record -> Log.text(record.value()))
                .filter(row -> !log.isLast(row))
                .toList();
    }

    private void deleteTopics(String prefix) {
        Set<String> topics = Answers.get(bed.admin().listTopics().names()).stream()
                .filter(topic -> topic.startsWith(prefix + "-"))
                .collect(Collectors.toSet());
        Answers.get(bed.admin().deleteTopics(topics).all());
    }
}
