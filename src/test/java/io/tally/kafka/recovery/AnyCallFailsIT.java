package io.tally.kafka.recovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tally.pipeline.status.HealthRules;
import io.tally.testkafka.Input;
import io.tally.testkafka.Instance;
import io.tally.testkafka.LinesPipeline;
import io.tally.testkafka.TestBed;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tally never gets stuck silently. One call of a client throws: any call, any exception, before or after the call has
 * done its work. Then the counts are exact; or a partition is refused, or liveness is down, and the counts are exact
 * after a restart. One of these always holds, and nothing of a stopped instance lives on.
 *
 * <p>Each seed is one fault. Some faults that were found before are always tried. {@code -Dtally.faults} says how many
 * are tried, and {@code -Dtally.faults.from} where they begin; two thousand are nearly all.
 */
class AnyCallFailsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String TEXT = "thrown by the test";
    /** How often each method is called when nothing goes wrong; by client and method. */
    private static final Map<String, Integer> CALLS = new TreeMap<>();

    /** What a call throws. An {@code OutOfMemoryError} would end JUnit too. */
    private enum Failure {
        KAFKA,
        TIMEOUT,
        BUG,
        FORBIDDEN,
        FENCED,
        WAKEUP,
        INTERRUPT,
        ERROR;

        Throwable get() {
            return switch (this) {
                case KAFKA -> new KafkaException(TEXT);
                case TIMEOUT -> new TimeoutException(TEXT);
                case BUG -> new IllegalStateException(TEXT);
                case FORBIDDEN -> new TopicAuthorizationException(TEXT);
                case FENCED -> new ProducerFencedException(TEXT);
                case WAKEUP -> new WakeupException();
                case INTERRUPT -> new InterruptException(TEXT);
                case ERROR -> new InternalError(TEXT);
            };
        }
    }

    /** @param number of the call that throws, from its start, or from the time at which the instance is told to stop */
    private record Fault(String call, int number, boolean stopping, boolean afterwards, Failure failure) {
        static Fault of(Random random) {
            List<String> calls = List.copyOf(CALLS.keySet());
            String call = calls.get(random.nextInt(calls.size()));
            int count = CALLS.get(call);
            // What is called often differs most at first.
            int number = random.nextInt(random.nextBoolean() ? Math.min(3, count) : count);
            Failure[] failures = Failure.values();
            Failure failure = failures[random.nextInt(failures.length)];
            boolean stopping = random.nextInt(4) == 0;
            return new Fault(call, stopping ? random.nextInt(2) : number, stopping, random.nextBoolean(), failure);
        }
    }

    @RegisterExtension
    final TestBed bed = new TestBed(2);

    static Stream<String> faults() {
        return Stream.concat(
                Stream.of(
                        "no restore begins",
                        "a lane does not start",
                        "the last checkpoint",
                        "records are lost",
                        "a transaction does not begin",
                        "a producer does not begin",
                        "active, but paused"),
                LongStream.range(0, Long.getLong("tally.faults", 12))
                        .map(index -> Long.getLong("tally.faults.from", 0) + index)
                        .mapToObj(seed -> "seed " + seed));
    }

    private static Fault fault(String name) {
        return switch (name) {
            case "no restore begins" -> new Fault("consumer.pause", 0, false, false, Failure.BUG);
            case "a lane does not start" -> new Fault("consumer.subscribe", 0, false, true, Failure.ERROR);
            case "the last checkpoint" -> new Fault("producer.sendOffsetsToTransaction", 0, true, false, Failure.ERROR);
            case "records are lost" -> new Fault("consumer.poll", 8, false, true, Failure.KAFKA);
            case "a transaction does not begin" ->
                new Fault("producer.beginTransaction", 2, false, false, Failure.ERROR);
            case "a producer does not begin" -> new Fault("producer.initTransactions", 0, false, true, Failure.ERROR);
            case "active, but paused" -> new Fault("consumer.resume", 0, false, false, Failure.BUG);
            default -> Fault.of(new Random(Long.parseLong(name.substring("seed ".length()))));
        };
    }

    @ParameterizedTest
    @MethodSource("faults")
    void isExactOrRefusedOrNotAlive(String name) {
        Set<Thread> before = threads();
        if (CALLS.isEmpty()) {
            CALLS.putAll(undisturbed());
        }
        Fault fault = fault(name);
        Instance instance = bed.instance("a");
        AtomicInteger stopping = inject(instance, fault);
        instance.start();
        work();
        String outcome = await(fault + " ends well")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> outcome(instance), found -> found != null);
        stopping.set(1);
        instance.stop();
        // The call may have been one of this thread.
        Thread.interrupted();

        if (!outcome.equals("exact")) {
            assertThat(HealthRules.problems(instance.status(), Instant.now())).isNotEmpty();
            bed.started("a");
        }
        bed.assertExact();
        bed.stopAll();
        // If a close does not happen, its threads stay.
        if (!fault.call.endsWith(".close") || fault.afterwards) {
            await("end of all threads after " + fault).atMost(PATIENCE).until(() -> before.containsAll(threads()));
        }
    }

    /** Gives what is to be set to 1 when it is told to stop. */
    private static AtomicInteger inject(Instance instance, Fault fault) {
        AtomicInteger stopping = new AtomicInteger();
        AtomicInteger calls = new AtomicInteger();
        instance.faults().onEveryCall(call -> {
            boolean met = call.name().equals(fault.call)
                    && (stopping.get() == 1 || !fault.stopping)
                    && calls.getAndIncrement() == fault.number;
            Object result = met && !fault.afterwards ? null : call.proceed();
            if (met) {
                throw fault.failure.get();
            }
            return result;
        });
        return stopping;
    }

    /** How it is at this moment, null while nothing can be said. */
    private @Nullable String outcome(Instance instance) {
        if (!HealthRules.dead(instance.status(), Instant.now()).isEmpty()) {
            return "not alive";
        }
        if (instance.partitions().stream().anyMatch(partition -> partition.refusal() != null)) {
            return "refused";
        }
        return bed.isProcessed() ? "exact" : null;
    }

    private void work() {
        Input input = bed.input();
        input.random(200, 10_000);
        input.random(200, 10_000);
        input.closeWindows();
    }

    private Map<String, Integer> undisturbed() {
        Map<String, Integer> calls = new ConcurrentHashMap<>();
        Instance instance = bed.instance("a");
        instance.faults().onEveryCall(call -> {
            calls.merge(call.name(), 1, Integer::sum);
            return call.proceed();
        });
        instance.start();
        work();
        bed.awaitProcessed();
        instance.stop();
        // Metrics are read when a client is made, from its memory.
        calls.keySet().removeIf(call -> call.endsWith(".metrics"));
        return calls;
    }

    /** Those of instances and their clients. */
    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("tally-" + LinesPipeline.NAME))
                .collect(Collectors.toSet());
    }
}
